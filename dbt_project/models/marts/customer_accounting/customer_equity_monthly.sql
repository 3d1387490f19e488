-- opening + new - lost + change on retained = closing, in euros of forward value.
with changes as (
    select * from {{ ref('int_customer_equity_changes') }}
),

multiples as (
    select * from {{ ref('int_lifetime_multiples_monthly') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

basis as (
    select max(value_basis) as value_basis from {{ ref('int_customer_trailing_monthly') }}
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
    {{ money_sum('changes.closing_equity_amount') }} as closing_equity_amount
from changes
cross join basis
inner join multiples on changes.month_start_date = multiples.month_start_date
inner join months on changes.month_start_date = months.month_start_date
group by 1, 2, 3, 4, 5
