-- Orders that were delivered and invoiced, with each component of a perfect order.
with orders as (
    select * from {{ ref('fct_orders') }} where cancelled_date is null
),

deliveries as (
    select
        order_id,
        max(delivered_date) as last_delivered_date,
        count(*) = count(promised_date) and count(*) = count(delivered_date) as is_dated,
        max(case when delivered_date > promised_date then 1 else 0 end) = 0 as is_on_time
    from {{ ref('fct_deliveries') }}
    where not is_return
    group by order_id
),

incomplete as (
    select distinct order_id from {{ ref('int_order_line_quantities') }} where delivered_quantity < ordered_quantity
),

returned as (
    select distinct order_id from {{ ref('int_order_line_quantities') }} where returned_quantity > 0
),

invoiced as (
    select
        order_id,
        count(case when has_error then 1 end) = 0 as is_invoiced_right,
        count(case when is_disputed_rightly then 1 end) = 0 as is_undisputed
    from {{ ref('int_invoices_judged') }}
    where order_id is not null
    group by order_id
)

select
    orders.order_id,
    orders.customer_id,
    orders.salesperson_id,
    orders.ordered_date,
    {{ month_start('deliveries.last_delivered_date') }} as delivered_month,
    deliveries.is_on_time,
    incomplete.order_id is null as is_complete,
    returned.order_id is null as is_kept,
    invoiced.is_invoiced_right,
    invoiced.is_undisputed,
    deliveries.is_on_time and incomplete.order_id is null and returned.order_id is null
    and invoiced.is_invoiced_right and invoiced.is_undisputed as is_perfect
from orders
inner join deliveries on orders.order_id = deliveries.order_id and deliveries.is_dated
inner join invoiced on orders.order_id = invoiced.order_id
left join incomplete on orders.order_id = incomplete.order_id
left join returned on orders.order_id = returned.order_id
