-- Order lines of suspect orders that are billed together: lines of one product and unit, sold or given, where an invoice line names the order
-- and the product and no order line. The first of them stands for all, with their quantity, their average price and the lowest and highest
-- one. Of a line that was cancelled beside others what was delivered of it stays ordered.
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

delivered as (
    select
        deliveries.order_id,
        deliveries.order_line_number,
        sum(deliveries.quantity) as quantity
    from {{ ref('fct_deliveries') }} as deliveries
    inner join suspects on deliveries.order_id = suspects.order_id
    where not deliveries.is_return
    group by deliveries.order_id, deliveries.order_line_number
),

order_lines as (
    select
        order_lines.*,
        upper(trim(order_lines.unit)) as same_unit,
        order_lines.document_net_unit_price_amount = 0 as is_given,
        least(order_lines.quantity, coalesce(delivered.quantity, 0)) as kept_quantity
    from {{ ref('fct_order_lines') }} as order_lines
    inner join unnamed on order_lines.order_id = unnamed.order_id and order_lines.product_id = unnamed.product_id
    left join delivered on order_lines.order_id = delivered.order_id and order_lines.line_number = delivered.order_line_number
),

measured as (
    select
        *,
        first_value(line_number) over (
            partition by order_id, product_id, same_unit, is_given
            order by case when cancelled_date is null then 0 else 1 end, length(line_number), line_number
        ) as first_line_number,
        case
            when count(*) over alike > count(cancelled_date) over alike
                then sum(case when cancelled_date is null then quantity else kept_quantity end) over alike
            else sum(quantity) over alike
        end as together_quantity,
        min(document_net_unit_price_amount) over alike as lowest_unit_price_amount,
        max(document_net_unit_price_amount) over alike as highest_unit_price_amount,
        sum(document_net_amount) over alike as together_amount,
        sum(quantity) over alike as asked_quantity,
        min(case when is_delivery_expected then 1 else 0 end) over alike = 1 as are_deliveries_expected
    from order_lines
    window alike as (partition by order_id, product_id, same_unit, is_given)
)

select
    order_id,
    line_number,
    product_id,
    same_unit,
    is_given,
    first_line_number,
    cast(together_quantity as decimal(18, 4)) as ordered_quantity,
    lowest_unit_price_amount,
    highest_unit_price_amount,
    case
        when lowest_unit_price_amount = highest_unit_price_amount then lowest_unit_price_amount
        else cast(cast(together_amount as decimal(38, 4)) * {{ per_unit('asked_quantity') }} as decimal(28, 4))
    end as average_unit_price_amount,
    are_deliveries_expected
from measured
