-- How much rests on few customers. HHI is the sum of squared shares of net revenue: 1 for one customer, 1/n for n equal ones.
with customers as (
    select
        month_start_date,
        is_complete,
        trailing_net_revenue_amount,
        row_number() over (partition by month_start_date order by trailing_net_revenue_amount desc, customer_id) as revenue_rank
    from {{ ref('customer_base_monthly') }}
    where trailing_net_revenue_amount > 0
),

sums as (
    select
        month_start_date,
        is_complete,
        count(*) as customer_count,
        {{ money_sum('trailing_net_revenue_amount') }} as revenue_amount,
        {{ money_sum('case when revenue_rank <= 10 then trailing_net_revenue_amount end') }} as top10_revenue_amount,
        sum(cast(trailing_net_revenue_amount as double) * cast(trailing_net_revenue_amount as double)) as squared_revenue
    from customers
    group by 1, 2
)

select
    month_start_date,
    is_complete,
    customer_count,
    top10_revenue_amount,
    revenue_amount,
    {{ safe_share('top10_revenue_amount', 'revenue_amount') }} as top10_share,
    {{ safe_share('squared_revenue', 'cast(revenue_amount as double) * cast(revenue_amount as double)') }} as herfindahl_share
from sums
