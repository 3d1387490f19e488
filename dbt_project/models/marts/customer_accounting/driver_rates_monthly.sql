-- What one event costs by its minutes at the rate of the practical capacity, and what it costs where the whole pool is spread over the work that
-- was done: the traditional rate, which holds idle capacity.
with costs as (
    select * from {{ ref('int_pool_costs_timed') }}
),

pools as (
    select
        pool_id,
        cost_month,
        sum(amount) as pool_amount,
        sum(case when assignment <> 'idle' then minutes else 0 end) as used_minutes
    from costs
    group by 1, 2
),

activities as (
    select
        pool_id,
        cost_month,
        cost_family,
        activity,
        sum(event_count) as event_count,
        sum(minutes) as minutes,
        sum(amount) as amount
    from costs
    where assignment <> 'idle'
    group by 1, 2, 3, 4
)

select
    activities.cost_month as month_start_date,
    activities.pool_id,
    activities.cost_family,
    activities.activity,
    cast(activities.event_count as bigint) as event_count,
    cast(activities.minutes as decimal(18, 4)) as event_minutes,
    cast(round(cast(activities.amount as double) / activities.event_count, 4) as decimal(18, 4)) as time_driven_cost_amount,
    cast(round(
        cast(pools.pool_amount as double) * cast(activities.minutes as double) / nullif(cast(pools.used_minutes as double), 0) / activities.event_count, 4
    ) as decimal(18, 4)) as traditional_cost_amount
from activities
inner join pools on activities.pool_id = pools.pool_id and activities.cost_month = pools.cost_month
where activities.event_count > 0
