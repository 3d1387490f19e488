-- The joint share is the figure; the product of the rates stands beside it as a check only. Provisional until an invoice of the last
-- day's delivery, issued at the end of its window, has had its own.
with orders as (
    select * from {{ ref('int_orders_judged') }}
),

night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

counted as (
    select
        delivered_month as month_start_date,
        count(*) as order_count,
        count(case when is_on_time then 1 end) as on_time_count,
        count(case when is_complete then 1 end) as complete_count,
        count(case when is_kept then 1 end) as kept_count,
        count(case when is_invoiced_right then 1 end) as invoiced_right_count,
        count(case when is_undisputed then 1 end) as undisputed_count,
        count(case when is_perfect then 1 end) as perfect_count,
        cast(sum(undecided_count) as bigint) as undecided_count
    from orders
    group by delivered_month
)

select
    month_start_date,
    order_count,
    on_time_count,
    complete_count,
    kept_count,
    invoiced_right_count,
    undisputed_count,
    perfect_count,
    undecided_count,
    {{ month_end('month_start_date') }} + 2 * parameters.first_time_right_days > night.observed_until_date or undecided_count > 0 as is_provisional,
    {{ safe_share('perfect_count', 'order_count') }} as perfect_order_share,
    cast(round(
        cast(on_time_count as double) / order_count * complete_count / order_count * kept_count / order_count
        * invoiced_right_count / order_count * undisputed_count / order_count, 6
    ) as decimal(38, 6)) as product_of_rates_share
from counted
cross join night
cross join parameters
