-- Invoices of which the customer has another one of the same amount, with what they bill: goods, deliveries and periods.
with invoices as (
    select
        *,
        {{ normalised_number('invoice_id') }} as normalised_number,
        count(*) over (partition by customer_id, currency, document_gross_amount, document_type) as equal_count
    from {{ ref('int_invoices_valued') }}
    where document_class = 'invoice' and document_gross_amount > 0
),

alike as (
    select * from invoices where equal_count > 1 and customer_id <> 'unknown'
),

contents as (
    select
        lines.invoice_id,
        sum({{ row_hash(['lines.product_id', 'lines.description', 'lines.quantity', 'lines.document_unit_price_amount', 'lines.document_net_amount']) }}) as line_fingerprint,
        string_agg(distinct lines.delivery_id, ',' order by lines.delivery_id) as delivery_ids,
        min(lines.period_start_date) as period_start_date,
        case when count(case when lines.product_kind = 'goods' and lines.product_id is not null then 1 end) = 0 then min(lines.period_start_date) end
            as served_from_date,
        min(lines.delivered_order_id) as line_order_id
    from {{ ref('fct_invoice_lines') }} as lines
    inner join alike on lines.invoice_id = alike.invoice_id
    group by lines.invoice_id
)

select
    alike.invoice_id,
    alike.customer_id,
    alike.currency,
    alike.booking_rate,
    alike.document_type,
    alike.document_gross_amount,
    alike.issued_date,
    alike.normalised_number,
    alike.corrects_invoice_id,
    alike.project_id,
    alike.contract_id,
    {{ normalised_reference('alike.customer_order_number') }} as printed_number,
    coalesce(alike.order_id, contents.line_order_id) as order_id,
    contents.line_fingerprint,
    contents.delivery_ids,
    contents.served_from_date,
    coalesce(contents.period_start_date, alike.period_start_date) as billed_from_date
from alike
left join contents on alike.invoice_id = contents.invoice_id
