-- Growth over the same month a year before, and its acceleration; a base of zero or less has neither. A month that still runs is compared
-- with the same days of a year before. The base is known where its month was observed whole.
{%- set measures = ['net_revenue_amount', 'held_out_net_amount', 'unvalued_document_count'] %}
with revenue as (
    select * from {{ ref('int_revenue_compared_monthly') }}
),

observed as (
    select * from {{ ref('dim_observations') }} where entity = 'invoices'
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

scoped as (
    {{ scoped_sums('revenue', ['month_start_date'], measures + ['base_to_date_amount', 'held_out_base_to_date_amount']) }}
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
        months.known_day_count,
        first_months.scope_type,
        first_months.scope_id,
        {%- for measure in measures + ['base_to_date_amount', 'held_out_base_to_date_amount'] %}
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
        dense.*,
        {%- for amount, measure in [('base', 'net_revenue_amount'), ('held_out_base', 'held_out_net_amount')] %}
        case
            when dense.month_start_date < {{ months_later('observed.first_complete_month_start_date', 12) }} then null
            when dense.is_complete then coalesce(
                lag(dense.{{ measure }}, 12) over (partition by dense.scope_type, dense.scope_id order by dense.month_start_date), 0
            )
            else dense.{{ amount }}_to_date_amount
        end as {{ amount }}_amount{{ ',' if not loop.last }}
        {%- endfor %}
    from dense
    left join observed on true
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
        when base_amount is null then 'base_not_observed'
        when base_amount <= 0 then 'base_not_positive'
    end as growth_reason,
    cast(case when not is_complete then known_day_count end as integer) as compared_day_count,
    cast(held_out_net_amount as decimal(18, 4)) as held_out_net_amount,
    cast(held_out_base_amount as decimal(18, 4)) as held_out_base_amount,
    cast(unvalued_document_count as bigint) as unvalued_document_count
from growing
