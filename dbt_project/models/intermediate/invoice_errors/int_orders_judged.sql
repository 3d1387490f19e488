-- Orders that were delivered and invoiced, with each component of a perfect order. All of them are judged within the window of first time
-- right: what is delivered that long after the first delivery came too late to be complete, what is invoiced, returned or disputed that
-- long after leaves the order as it was.
with parameters as (
    select first_time_right_days as window_days from {{ ref('stg_company__parameters') }}
),

dated as (
    select
        deliveries.*,
        parameters.window_days,
        coalesce(deliveries.delivered_date, deliveries.shipped_date) as day,
        min(case when not deliveries.is_return then coalesce(deliveries.delivered_date, deliveries.shipped_date) end)
            over (partition by deliveries.order_id) as first_day
    from {{ ref('fct_deliveries') }} as deliveries
    cross join parameters
),

deliveries as (
    select
        order_id,
        window_days,
        max(case when day <= first_day + window_days then delivered_date end) as last_delivered_date,
        count(case when day <= first_day + window_days and (promised_date is null or delivered_date is null) then 1 end) = 0 as is_dated,
        max(case when day <= first_day + window_days and delivered_date > promised_date then 1 else 0 end) = 0 as is_on_time,
        max(case when day > first_day + window_days then 1 else 0 end) = 1 as is_completed_late
    from dated
    where not is_return
    group by order_id, window_days
),

orders as (
    select
        orders.*,
        deliveries.last_delivered_date,
        deliveries.is_on_time,
        deliveries.is_completed_late,
        deliveries.last_delivered_date + deliveries.window_days as judged_until_date
    from {{ ref('fct_orders') }} as orders
    inner join deliveries on orders.order_id = deliveries.order_id and deliveries.is_dated
    where orders.cancelled_date is null or orders.cancelled_date > deliveries.last_delivered_date + deliveries.window_days
),

incomplete as (
    select distinct order_id from {{ ref('int_order_line_quantities') }} where is_delivery_expected and ordered_quantity - delivered_quantity > ordered_quantity * quantity_tolerance_share
),

returned as (
    select
        order_id,
        min(day) as first_returned_date
    from dated
    where is_return
    group by order_id
),

invoiced as (
    select
        orders.order_id,
        count(case when invoices.has_error_in_time then 1 end) = 0 as is_invoiced_right,
        count(case when invoices.is_disputed_rightly_in_time then 1 end) = 0 as is_undisputed,
        count(case when invoices.is_undecided then 1 end) as undecided_count
    from {{ ref('int_invoices_judged') }} as invoices
    inner join orders on invoices.order_id = orders.order_id and invoices.issued_date <= orders.judged_until_date
    group by orders.order_id
),

judged as (
    select
        orders.order_id,
        orders.customer_id,
        orders.salesperson_id,
        orders.ordered_date,
        {{ month_start('orders.last_delivered_date') }} as delivered_month,
        orders.is_on_time,
        incomplete.order_id is null and not orders.is_completed_late as is_complete,
        coalesce(returned.first_returned_date > orders.judged_until_date, true) as is_kept,
        invoiced.is_invoiced_right,
        invoiced.is_undisputed,
        invoiced.undecided_count
    from orders
    inner join invoiced on orders.order_id = invoiced.order_id
    left join incomplete on orders.order_id = incomplete.order_id
    left join returned on orders.order_id = returned.order_id
)

select
    *,
    is_on_time and is_complete and is_kept and is_invoiced_right and is_undisputed as is_perfect
from judged
