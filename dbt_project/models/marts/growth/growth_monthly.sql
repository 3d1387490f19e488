-- Growth over the same month a year before, and its acceleration; a base of zero or less has neither.
{%- set measures = ['net_revenue_amount', 'held_out_net_amount', 'unvalued_document_count'] %}
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
    {{ scoped_sums('revenue', ['month_start_date'], measures) }}
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
        {%- for measure in measures %}
        coalesce(scoped.{{ measure }}, 0) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from first_months
    inner join months on first_months.first_month <= months.month_start_date
    left join scoped
        on
            first_months.scope_type = scoped.scope_type
            and first_months.scope_id = scoped.scope_id
            and months.month_start_date = scoped.month_start_date
),

based as (
    select
        *,
        lag(net_revenue_amount, 12) over (partition by scope_type, scope_id order by month_start_date) as base_amount,
        lag(held_out_net_amount, 12) over (partition by scope_type, scope_id order by month_start_date) as held_out_base_amount
    from dense
),

growing as (
    select
        *,
        {{ safe_share('net_revenue_amount - base_amount', 'base_amount') }} as growth_share
    from based
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
    end as growth_reason,
    cast(held_out_net_amount as decimal(18, 4)) as held_out_net_amount,
    cast(held_out_base_amount as decimal(18, 4)) as held_out_base_amount,
    cast(unvalued_document_count as bigint) as unvalued_document_count
from growing
