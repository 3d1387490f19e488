-- Four sources, one shape: pools by time, pools without a time driver, a customer's own figures, cost lines among the sales.
-- A cost line is in revenue already: negative revenue is a cost, a charge to the customer is the opposite.
with pools as (
    select * from {{ ref('fct_cost_pools') }}
),

timed as (
    select * from {{ ref('int_pool_costs_timed') }}
),

direct as (
    select * from {{ ref('int_direct_costs_monthly') }}
),

lines as (
    select * from {{ ref('int_line_costs_monthly') }}
),

costs as (
    select
        cost_month,
        'pool' as cost_source,
        pool_id,
        cost_family,
        activity,
        assignment,
        customer_id,
        event_count,
        minutes,
        amount
    from timed
    union all
    select
        cost_month,
        'pool',
        pool_id,
        cost_family,
        'no time driver',
        case when cost_level = 'customer' then 'unassigned' else cost_level end,
        null,
        null,
        null,
        amount
    from pools
    where cost_level <> 'customer' or practical_capacity_minutes is null or practical_capacity_minutes <= 0
    union all
    select
        cost_month,
        'direct',
        'none',
        cost_family,
        replace(cost_family, '_', ' '),
        case when customer_id is null then 'unassigned' else 'customer' end,
        customer_id,
        null,
        null,
        amount
    from direct
    union all
    select
        month_start_date,
        'sales_line',
        'none',
        'sales_lines',
        cost_line_name,
        case when customer_id is null then 'unassigned' else 'customer' end,
        customer_id,
        null,
        null,
        -sum(net_amount)
    from lines
    where is_cost_line
    group by 1, 5, 6, 7
)

select
    cost_month,
    cost_source,
    pool_id,
    cost_family,
    activity,
    assignment,
    customer_id,
    event_count,
    cast(minutes as decimal(18, 4)) as used_minutes_quantity,
    cast(amount as decimal(18, 4)) as cost_amount
from costs
