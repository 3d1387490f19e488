-- opening + new - lost + change on retained = closing, in euros of forward value, and what the closing would be by the other two retentions.
with changes as (
    select * from {{ ref('int_customer_equity_changes') }}
),

multiples as (
    select * from {{ ref('int_lifetime_multiples_monthly') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

customers as (
    select * from {{ ref('int_customer_trailing_monthly') }}
),

basis as (
    select max(value_basis) as value_basis from customers
),

active_values as (
    select
        month_start_date,
        sum(case when is_active then value_amount else 0 end) as active_value_amount,
        {{ safe_share('sum(case when is_active then uncosted_amount end)', 'sum(case when is_active then trailing_net_revenue_amount end)') }} as uncosted_share
    from customers
    group by 1
)

select
    changes.month_start_date,
    months.is_complete,
    basis.value_basis,
    cast(multiples.retention_share as decimal(38, 6)) as annual_retention_share,
    cast(multiples.lifetime_multiple as decimal(18, 6)) as lifetime_multiple,
    {{ money_sum('changes.opening_equity_amount') }} as opening_equity_amount,
    {{ money_sum('changes.new_equity_amount') }} as new_equity_amount,
    {{ money_sum('changes.lost_equity_amount') }} as lost_equity_amount,
    {{ money_sum('changes.retention_effect_amount') }} as retention_effect_amount,
    {{ money_sum('changes.margin_effect_amount') }} as margin_effect_amount,
    {{ money_sum('changes.closing_equity_amount') }} as closing_equity_amount,
    max(active_values.uncosted_share) as uncosted_share,
    {%- for retention in ['logo', 'single_months'] %}
    cast(multiples.{{ retention }}_retention_share as decimal(38, 6)) as {{ retention }}_retention_share,
    cast(round(max(active_values.active_value_amount) * multiples.{{ retention }}_lifetime_multiple, 2) as decimal(18, 4))
        as {{ retention }}_equity_amount{{ ',' if not loop.last }}
    {%- endfor %}
from changes
cross join basis
inner join multiples on changes.month_start_date = multiples.month_start_date
inner join months on changes.month_start_date = months.month_start_date
inner join active_values on changes.month_start_date = active_values.month_start_date
group by
    changes.month_start_date, months.is_complete, basis.value_basis, multiples.retention_share, multiples.lifetime_multiple,
    multiples.logo_retention_share, multiples.logo_lifetime_multiple, multiples.single_months_retention_share,
    multiples.single_months_lifetime_multiple
