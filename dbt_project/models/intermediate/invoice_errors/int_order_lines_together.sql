-- Order lines of suspect orders that are billed together: lines of one product, unit and kind, where an invoice line names the order and the
-- product and no order line. The first of them stands for all, with their quantity, their average price and the lowest and highest one.
with suspects as (
    select * from {{ ref('int_suspect_orders') }}
),

unnamed as (
    select distinct
        invoice_lines.order_id,
        invoice_lines.product_id
    from {{ ref('fct_invoice_lines') }} as invoice_lines
    inner join suspects on invoice_lines.order_id = suspects.order_id
    where invoice_lines.order_line_number is null and invoice_lines.product_id is not null
),

order_lines as (
    select
        order_lines.*,
        upper(trim(order_lines.unit)) as same_unit,
        order_lines.document_net_unit_price_amount = 0 as is_given,
        order_lines.cancelled_date is not null as is_cancelled
    from {{ ref('fct_order_lines') }} as order_lines
    inner join unnamed on order_lines.order_id = unnamed.order_id and order_lines.product_id = unnamed.product_id
)

select
    order_id,
    line_number,
    product_id,
    same_unit,
    is_given,
    is_cancelled,
    first_value(line_number) over (
        partition by order_id, product_id, same_unit, price_base_quantity, is_given, is_cancelled, is_delivery_expected
        order by length(line_number), line_number
    ) as first_line_number,
    sum(quantity) over alike as ordered_quantity,
    min(document_net_unit_price_amount) over alike as lowest_unit_price_amount,
    max(document_net_unit_price_amount) over alike as highest_unit_price_amount,
    case
        when min(document_net_unit_price_amount) over alike = max(document_net_unit_price_amount) over alike then document_net_unit_price_amount
        else cast(cast(sum(document_net_amount) over alike as decimal(38, 4)) * {{ per_unit('sum(quantity) over alike') }} as decimal(28, 4))
    end as average_unit_price_amount
from order_lines
window alike as (partition by order_id, product_id, same_unit, price_base_quantity, is_given, is_cancelled, is_delivery_expected)
