-- How much rests on few customers. HHI is the sum of squared shares of net revenue: 1 for one customer, 1/n for n equal ones. Shares
-- are there from the month on whose twelve months are known.
with customers as (
    select
        month_start_date,
        is_complete,
        trailing_net_revenue_amount,
        row_number() over (partition by month_start_date order by trailing_net_revenue_amount desc, customer_id) as revenue_rank
    from {{ ref('customer_base_monthly') }}
    where trailing_net_revenue_amount > 0
),

observed as (
    select * from {{ ref('int_base_observed_monthly') }}
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
    sums.month_start_date,
    sums.is_complete,
    sums.customer_count,
    sums.top10_revenue_amount,
    sums.revenue_amount,
    case when observed.are_trailing_known then {{ safe_share('sums.top10_revenue_amount', 'sums.revenue_amount') }} end as top10_share,
    case
        when observed.are_trailing_known
            then {{ safe_share('sums.squared_revenue', 'cast(sums.revenue_amount as double) * cast(sums.revenue_amount as double)') }}
    end as herfindahl_share
from sums
left join observed on sums.month_start_date = observed.month_start_date
