-- minutes x pool / practical capacity, rounded on the cumulative: the parts of a pool sum to the pool, to the cent. Minutes of
-- nobody are the last parts; what no event used is idle, and negative when the pool worked over its practical capacity.
with pools as (
    select * from {{ ref('fct_cost_pools') }} where practical_capacity_minutes > 0 and cost_level = 'customer'
),

minutes as (
    select * from {{ ref('int_activity_minutes_monthly') }}
),

running as (
    select
        pools.pool_id,
        pools.cost_month,
        pools.cost_family,
        pools.amount as pool_amount,
        pools.practical_capacity_minutes,
        minutes.activity,
        minutes.customer_id,
        minutes.event_count,
        minutes.minutes,
        sum(minutes.minutes) over (
            partition by pools.pool_id, pools.cost_month
            order by case when minutes.customer_id is null then 1 else 0 end, minutes.customer_id, minutes.activity
            rows between unbounded preceding and current row
        ) as running_minutes
    from pools
    inner join minutes on pools.pool_id = minutes.pool_id and pools.cost_month = minutes.cost_month
),

assigned as (
    select
        *,
        {{ rounded_part(
            'pool_amount', 'cast(running_minutes - minutes as decimal(38, 4))', 'cast(running_minutes as decimal(38, 4))', 'practical_capacity_minutes'
        ) }} as amount
    from running
),

used as (
    select
        pool_id,
        cost_month,
        sum(minutes) as minutes,
        sum(amount) as amount
    from assigned
    group by 1, 2
),

parts as (
    select
        pool_id,
        cost_month,
        cost_family,
        activity,
        case when customer_id is null then 'unassigned' else 'customer' end as assignment,
        customer_id,
        event_count,
        minutes,
        amount
    from assigned
    union all
    select
        pools.pool_id,
        pools.cost_month,
        pools.cost_family,
        'idle capacity' as activity,
        'idle' as assignment,
        cast(null as varchar) as customer_id,
        cast(null as bigint) as event_count,
        pools.practical_capacity_minutes - coalesce(used.minutes, 0) as minutes,
        pools.amount - coalesce(used.amount, 0) as amount
    from pools
    left join used on pools.pool_id = used.pool_id and pools.cost_month = used.cost_month
)

select * from parts
