with night as (
    select * from {{ ref('stg_company__night') }}
),

cost_pools as (
    select * from {{ ref('stg_ledger__cost_pools') }}
)

select
    cost_pools.pool_id,
    cost_pools.month as cost_month,
    cost_pools.department,
    cost_pools.cost_family,
    cost_pools.amount,
    cost_pools.practical_capacity_minutes,
    coalesce(cost_pools.level, 'customer') as cost_level
from cost_pools
cross join night
where cost_pools.month <= night.report_date
