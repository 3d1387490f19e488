-- What a final invoice states as paid in advance (BT-113) and a prepayment invoice (386) asked before: one claim and one sale, on two documents.
-- A final invoice belongs to the prepayment invoices that it names (BG-3), else to those of its orders, contract or project. Of one such
-- subject the oldest asked is the first deducted, and each once, also where several final invoices deduct in parts. What credits took off
-- a prepayment invoice was not asked.
with documents as (
    select
        *,
        delivered_document_type in ('prepayment', '386') as is_asking
    from {{ ref('int_invoices_valued') }}
    where document_class = 'invoice' and document_gross_amount > 0
),

-- Documents of customers that were asked for a prepayment, and what each is about.
candidates as (
    select documents.*
    from documents
    inner join (select distinct customer_id, currency from documents where is_asking) as asked
        on documents.customer_id = asked.customer_id and documents.currency = asked.currency
    where documents.is_asking or documents.document_prepaid_amount > 0
),

subjects as (
    {%- for subject, relation in [('order', 'candidates'), ('contract', 'candidates'), ('project', 'candidates'), ('order', 'lines')] %}
    select
        candidates.invoice_id,
        '{{ subject }} ' || {{ relation }}.{{ subject }}_id as subject
    from candidates
    {%- if relation == 'lines' %}
    inner join {{ ref('stg_order_to_cash__invoice_lines') }} as lines on candidates.invoice_id = lines.invoice_id
    {%- endif %}
    where {{ relation }}.{{ subject }}_id is not null
    {{ 'union' if not loop.last }}
    {%- endfor %}
),

first_subjects as (
    select
        invoice_id,
        min(subject) as subject
    from subjects
    group by invoice_id
),

credited as (
    select
        corrects_invoice_id as invoice_id,
        sum(document_gross_amount) as credited_amount
    from {{ ref('int_invoices_valued') }}
    where document_class = 'credit' and corrects_invoice_id is not null
    group by corrects_invoice_id
),

asked as (
    select
        candidates.invoice_id,
        candidates.customer_id,
        candidates.currency,
        candidates.issued_date,
        candidates.booking_rate,
        candidates.document_net_amount,
        candidates.document_gross_amount,
        candidates.document_gross_amount + coalesce(credited.credited_amount, 0) as asked_amount,
        coalesce(first_subjects.subject, 'document ' || candidates.invoice_id) as subject
    from candidates
    left join credited on candidates.invoice_id = credited.invoice_id
    left join first_subjects on candidates.invoice_id = first_subjects.invoice_id
    where candidates.is_asking and candidates.document_gross_amount + coalesce(credited.credited_amount, 0) > 0
),

named as (
    select
        invoice_id,
        preceding_invoice_id
    from {{ ref('stg_order_to_cash__invoice_references') }}
    union
    select
        invoice_id,
        corrects_invoice_id
    from candidates
    where corrects_invoice_id is not null
),

-- Each final invoice with the subjects of which it may deduct, and how much was asked for them by its day.
belonging as (
    select
        finals.invoice_id,
        finals.customer_id,
        finals.currency,
        finals.issued_date,
        finals.document_prepaid_amount as prepaid_amount,
        asked.subject,
        sum(asked.asked_amount) as asked_amount,
        bool_or(named.invoice_id is not null) as is_named
    from candidates as finals
    inner join asked
        on finals.customer_id = asked.customer_id and finals.currency = asked.currency and finals.issued_date >= asked.issued_date
    left join named on finals.invoice_id = named.invoice_id and asked.invoice_id = named.preceding_invoice_id
    left join subjects on finals.invoice_id = subjects.invoice_id and asked.subject = subjects.subject
    where not finals.is_asking and (named.invoice_id is not null or subjects.invoice_id is not null)
    group by all
),

chosen as (
    select *
    from belonging
    qualify is_named or not bool_or(is_named) over (partition by invoice_id)
),

deducting as (
    select
        *,
        {{ part_within('prepaid_amount', 'sum(asked_amount) over up_to_here - asked_amount', 'asked_amount') }} as deducted_amount
    from chosen
    window up_to_here as (partition by invoice_id order by subject)
),

-- Both sides of a subject as stretches of one line.
finals_laid as (
    select
        *,
        sum(deducted_amount) over up_to_here as until_amount
    from deducting
    window up_to_here as (partition by customer_id, currency, subject order by issued_date, invoice_id)
),

asked_laid as (
    select
        *,
        sum(asked_amount) over up_to_here as until_amount
    from asked
    window up_to_here as (partition by customer_id, currency, subject order by issued_date, invoice_id)
),

overlapping as (
    select
        finals.invoice_id,
        asked.invoice_id as prepayment_invoice_id,
        asked.document_net_amount,
        asked.document_gross_amount,
        asked.booking_rate,
        greatest(finals.until_amount - finals.deducted_amount - asked.until_amount + asked.asked_amount, 0) as from_amount,
        least(finals.until_amount - asked.until_amount + asked.asked_amount, asked.asked_amount) as to_amount
    from finals_laid as finals
    inner join asked_laid as asked
        on
            finals.customer_id = asked.customer_id
            and finals.currency = asked.currency
            and finals.subject = asked.subject
            and finals.issued_date >= asked.issued_date
),

taken as (
    select
        *,
        to_amount - from_amount as taken_gross_amount,
        {{ part_of_prepayment('document_net_amount', 'document_gross_amount') }} as taken_net_amount
    from overlapping
    where to_amount > from_amount
)

select
    invoice_id,
    prepayment_invoice_id,
    cast(taken_gross_amount as decimal(18, 4)) as document_gross_amount,
    cast(taken_net_amount as decimal(18, 4)) as document_net_amount,
    coalesce({{ converted('taken_gross_amount', 'booking_rate') }}, 0) as gross_amount,
    coalesce({{ converted('taken_net_amount', 'booking_rate') }}, 0) as net_amount,
    cast(from_amount as decimal(18, 4)) as from_amount,
    cast(to_amount as decimal(18, 4)) as to_amount,
    document_gross_amount as whole_amount
from taken
