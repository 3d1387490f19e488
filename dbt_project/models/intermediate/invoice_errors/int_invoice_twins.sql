-- Invoices of one customer with one amount, two and two, and what tells them apart: the goods, deliveries or periods that they bill.
-- The later one is told to be a duplicate only where nothing does.
with invoices as (
    select
        *,
        {{ normalised_number('invoice_id') }} as normalised_number,
        count(*) over (partition by customer_id, currency, document_gross_amount, document_type) as equal_count
    from {{ ref('int_invoices_valued') }}
    where document_class = 'invoice' and document_gross_amount > 0
),

twins as (
    select * from invoices where equal_count > 1 and customer_id is not null and customer_id <> 'unknown'
),

contents as (
    select
        lines.invoice_id,
        count(*) as line_count,
        sum({{ row_hash(['lines.product_id', "coalesce(lines.description, '')", 'lines.quantity', 'lines.document_unit_price_amount', 'lines.document_net_amount']) }}) as line_fingerprint,
        string_agg(distinct lines.delivery_id, ',' order by lines.delivery_id) as delivery_ids,
        min(lines.period_start_date) as period_start_date,
        min(lines.delivered_order_id) as line_order_id
    from {{ ref('fct_invoice_lines') }} as lines
    inner join twins on lines.invoice_id = twins.invoice_id
    group by lines.invoice_id
),

told as (
    select
        twins.* exclude (period_start_date, order_id),
        coalesce(twins.order_id, contents.line_order_id) as order_id,
        contents.line_fingerprint,
        contents.delivery_ids,
        coalesce(contents.period_start_date, twins.period_start_date) as billed_from_date
    from twins
    left join contents on twins.invoice_id = contents.invoice_id
),

exhausted as (
    select * from {{ ref('int_orders_exhausted') }}
)

select
    later.invoice_id,
    later.order_id,
    later.customer_id,
    later.issued_date as event_date,
    later.booking_rate,
    later.document_gross_amount,
    earlier.invoice_id as earlier_invoice_id,
    earlier.issued_date as earlier_date,
    coalesce(later.order_id = earlier.order_id, false) as is_same_order,
    later.order_id is null or earlier.order_id is null as is_order_unsaid,
    later.normalised_number = earlier.normalised_number as is_same_number,
    levenshtein(later.normalised_number, earlier.normalised_number) <= 1 as is_one_edit_apart,
    -- Numbers of one series that follow their days are one edit apart by themselves.
    later.issued_date > earlier.issued_date
    and {{ running_number('later.invoice_id') }} > {{ running_number('earlier.invoice_id') }}
    and regexp_replace(later.invoice_id, '[0-9]', '', 'g') = regexp_replace(earlier.invoice_id, '[0-9]', '', 'g') as is_next_in_series,
    {{ days_between('earlier.issued_date', 'later.issued_date') }} as days_apart,
    coalesce(later.line_fingerprint = earlier.line_fingerprint, false) as has_same_lines,
    coalesce(later.line_fingerprint <> earlier.line_fingerprint, false) as has_other_lines,
    coalesce(later.delivery_ids <> earlier.delivery_ids, false)
    or coalesce(later.billed_from_date <> earlier.billed_from_date, false)
    or coalesce(later.project_id <> earlier.project_id, false)
    or coalesce(later.contract_id <> earlier.contract_id, false)
    or coalesce(later.corrects_invoice_id = earlier.invoice_id, false) as bills_something_else,
    coalesce(exhausted.is_exhausted, true) as is_order_exhausted
from told as later
inner join told as earlier
    on
        later.customer_id = earlier.customer_id
        and later.currency = earlier.currency
        and later.document_gross_amount = earlier.document_gross_amount
        and later.document_type = earlier.document_type
        and later.issued_date - earlier.issued_date between 0 and 400
        and (later.issued_date > earlier.issued_date or later.invoice_id > earlier.invoice_id)
left join exhausted on later.invoice_id = exhausted.invoice_id and later.order_id = exhausted.order_id
