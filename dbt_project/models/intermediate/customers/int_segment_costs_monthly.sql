-- A pool of the level `segment` names no segment: it is shared by their revenue of the month (credits count as nothing), rounded
-- on the cumulative. It never reaches a customer. Without any revenue it stays unassigned.
with pools as (
    select
        cost_month as month_start_date,
        sum(cost_amount) as amount
    from {{ ref('customer_costs_monthly') }}
    where assignment = 'segment'
    group by 1
),

segments as (
    select
        *,
        cast(greatest(net_revenue_amount, 0) as decimal(38, 4)) as driver_amount
    from {{ ref('int_customer_segment_months') }}
    where segment_type <> 'company'
),

running as (
    select
        segments.segment_type,
        segments.segment_id,
        segments.month_start_date,
        segments.driver_amount,
        pools.amount as pool_amount,
        sum(segments.driver_amount) over (partition by segments.segment_type, segments.month_start_date) as total_amount,
        sum(segments.driver_amount) over (
            partition by segments.segment_type, segments.month_start_date
            order by segments.segment_id
            rows between unbounded preceding and current row
        ) as running_amount
    from segments
    inner join pools on segments.month_start_date = pools.month_start_date
)

select
    segment_type,
    segment_id,
    month_start_date,
    {{ rounded_part(
        'pool_amount', 'cast(running_amount - driver_amount as decimal(38, 4))', 'cast(running_amount as decimal(38, 4))', 'total_amount'
    ) }} as segment_cost_amount
from running
where total_amount > 0
