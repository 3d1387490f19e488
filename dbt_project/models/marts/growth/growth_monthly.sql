-- Growth over the same month a year before, and its acceleration; a base of zero or less has neither.
with revenue as (
    select * from {{ ref('revenue_monthly') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

scoped as (
    {{ scoped_sums('revenue', ['month_start_date'], ['net_revenue_amount']) }}
),

first_months as (
    select
        scope_type,
        scope_id,
        min(month_start_date) as first_month
    from scoped
    group by 1, 2
),

dense as (
    select
        months.month_start_date,
        months.is_complete,
        first_months.scope_type,
        first_months.scope_id,
        coalesce(scoped.net_revenue_amount, 0) as net_revenue_amount,
        lag(coalesce(scoped.net_revenue_amount, 0), 12) over (
            partition by first_months.scope_type, first_months.scope_id order by months.month_start_date
        ) as base_amount
    from first_months
    inner join months on first_months.first_month <= months.month_start_date
    left join scoped
        on
            first_months.scope_type = scoped.scope_type
            and first_months.scope_id = scoped.scope_id
            and months.month_start_date = scoped.month_start_date
),

growing as (
    select
        *,
        {{ safe_share('net_revenue_amount - base_amount', 'base_amount') }} as growth_share
    from dense
)

select
    month_start_date,
    scope_type,
    scope_id,
    is_complete,
    cast(net_revenue_amount as decimal(18, 4)) as net_revenue_amount,
    cast(base_amount as decimal(18, 4)) as base_amount,
    growth_share,
    cast(growth_share - lag(growth_share, 12) over (partition by scope_type, scope_id order by month_start_date) as decimal(38, 6)) as acceleration_share,
    case
        when base_amount is null then 'no figures of a year before'
        when base_amount <= 0 then 'the base is zero or negative'
    end as growth_reason
from growing
