-- What a final invoice states as paid in advance (BT-113) and a prepayment invoice (386) asked before: one claim and one sale, on two documents.
-- A final invoice belongs to the prepayment invoices that it names (BG-3), else to those of its orders, contract or project. Of one such
-- subject the oldest asked is the first deducted, and each once, also where several final invoices deduct in parts.
with finals as (
    select * from {{ ref('int_prepayment_subjects') }} where not is_asking
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
    from finals
    where corrects_invoice_id is not null
),

pairs as (
    select distinct
        finals.* exclude (subject),
        asked.subject,
        asked.invoice_id as asked_invoice_id,
        asked.asked_amount,
        named.invoice_id is not null as is_named
    from finals
    inner join {{ ref('int_prepayments_asked') }} as asked
        on finals.customer_id = asked.customer_id and finals.currency = asked.currency and finals.issued_date >= asked.issued_date
    left join named on finals.invoice_id = named.invoice_id and asked.invoice_id = named.preceding_invoice_id
    where named.invoice_id is not null or finals.subject = asked.subject
),

-- What was asked for a subject by the day of the final invoice is all that it can deduct of it.
belonging as (
    select
        invoice_id,
        customer_id,
        currency,
        issued_date,
        document_prepaid_amount,
        subject,
        sum(asked_amount) as asked_amount
    from (select * from pairs qualify is_named or not bool_or(is_named) over (partition by invoice_id))
    group by all
),

-- Both sides of a subject as stretches of one line.
deducting as (
    select
        *,
        {{ part_within('document_prepaid_amount', 'sum(asked_amount) over up_to_here - asked_amount', 'asked_amount') }} as deducted_amount
    from belonging
    window up_to_here as (partition by invoice_id order by subject)
),

{%- for side, relation, amount in [('finals', 'deducting', 'deducted_amount'), ('asked', ref('int_prepayments_asked'), 'asked_amount')] %}

{{ side }}_laid as (
    select
        *,
        sum({{ amount }}) over (partition by customer_id, currency, subject order by issued_date, invoice_id) as until_amount
    from {{ relation }}
),
{%- endfor %}

overlapping as (
    select
        finals_laid.invoice_id,
        finals_laid.issued_date,
        asked_laid.* exclude (invoice_id, issued_date),
        asked_laid.invoice_id as prepayment_invoice_id,
        greatest(finals_laid.until_amount - finals_laid.deducted_amount - asked_laid.until_amount + asked_laid.asked_amount, 0) as from_amount,
        least(finals_laid.until_amount - asked_laid.until_amount + asked_laid.asked_amount, asked_laid.asked_amount) as to_amount
    from finals_laid
    inner join asked_laid
        on
            finals_laid.customer_id = asked_laid.customer_id
            and finals_laid.currency = asked_laid.currency
            and finals_laid.subject = asked_laid.subject
            and finals_laid.issued_date >= asked_laid.issued_date
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
    issued_date,
    cast(taken_gross_amount as decimal(18, 4)) as document_gross_amount,
    cast(taken_net_amount as decimal(18, 4)) as document_net_amount,
    coalesce({{ converted('taken_gross_amount', 'booking_rate') }}, 0) as gross_amount,
    coalesce({{ converted('taken_net_amount', 'booking_rate') }}, 0) as net_amount,
    cast(from_amount as decimal(18, 4)) as from_amount,
    cast(to_amount as decimal(18, 4)) as to_amount,
    document_gross_amount as whole_amount
from taken
