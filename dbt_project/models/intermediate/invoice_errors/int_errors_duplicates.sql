-- Documents that stand twice. Pairs are looked for among equal customers and amounts only. Neighbours in a series are one edit
-- apart: two documents that name two orders are near duplicates only where their numbers agree.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

credited as (
    select distinct corrects_invoice_id as invoice_id
    from {{ ref('int_invoices_valued') }}
    where document_class = 'credit' and corrects_invoice_id is not null
),

invoices as (
    select
        *,
        issued_date as event_date,
        {{ normalised_number('invoice_id') }} as normalised_number,
        count(*) over (partition by customer_id, currency, document_gross_amount) as equal_count
    from {{ ref('int_invoices_valued') }}
    where document_class = 'invoice' and document_gross_amount > 0
),

twins as (
    select * from invoices where equal_count > 1 and customer_id is not null and customer_id <> 'unknown'
),

pairs as (
    select
        later.invoice_id,
        later.order_id,
        later.customer_id,
        later.event_date,
        later.booking_rate,
        later.document_gross_amount,
        earlier.invoice_id as earlier_invoice_id,
        earlier.issued_date as earlier_date,
        coalesce(later.order_id = earlier.order_id, false) as is_same_order,
        later.order_id is null or earlier.order_id is null as is_order_unsaid,
        credited.invoice_id is not null as is_earlier_credited,
        later.normalised_number = earlier.normalised_number as is_same_number,
        levenshtein(later.normalised_number, earlier.normalised_number) <= 1 as is_one_edit_apart,
        {{ days_between('earlier.issued_date', 'later.issued_date') }} <= parameters.duplicate_invoice_days as is_near,
        {{ days_between('earlier.issued_date', 'later.issued_date') }} <= parameters.near_duplicate_days as is_within_window,
        row_number() over (partition by later.invoice_id order by earlier.issued_date desc, earlier.invoice_id desc) as pair_rank
    from twins as later
    cross join parameters
    inner join twins as earlier
        on
            later.customer_id = earlier.customer_id
            and later.currency = earlier.currency
            and later.document_gross_amount = earlier.document_gross_amount
            and later.issued_date - earlier.issued_date between 0 and 400
            and (later.issued_date > earlier.issued_date or later.invoice_id > earlier.invoice_id)
    left join credited on earlier.invoice_id = credited.invoice_id
),

same_numbers as (
    select
        invoices.*,
        min(invoice_id) over (partition by series, normalised_number) as first_invoice_id,
        count(*) over (partition by series, normalised_number) as same_number_count
    from invoices
),

judged as (
    select
        invoice_id,
        any_value(order_id) as order_id,
        any_value(customer_id) as customer_id,
        any_value(event_date) as event_date,
        any_value(booking_rate) as booking_rate,
        any_value(document_gross_amount) as document_gross_amount,
        max(case when is_same_order and is_near and not is_earlier_credited then earlier_invoice_id end) as duplicate_of,
        max(case when is_within_window and (is_same_number or (is_one_edit_apart and is_order_unsaid)) and not is_same_order then earlier_invoice_id end) as near_duplicate_of
    from pairs
    group by invoice_id
)

{{ findings('judged', [
    {'code': 'duplicate_invoice', 'when': 'duplicate_of is not null', 'stake': 'document_gross_amount',
     'evidence': "'same customer, order and amount as ' || duplicate_of"},
    {'code': 'near_duplicate_number', 'when': 'near_duplicate_of is not null', 'stake': 'document_gross_amount',
     'evidence': "'same customer and amount as ' || near_duplicate_of || ', and nearly its number'"},
]) }}
union all
{{ findings('same_numbers', [
    {'code': 'duplicate_number', 'when': 'same_number_count > 1 and first_invoice_id <> invoice_id and series is not null', 'stake': 'document_gross_amount',
     'evidence': "'the same number as ' || first_invoice_id || ' in series ' || series"},
]) }}
