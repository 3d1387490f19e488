-- haircut = 1 - won / forecast of closed months; the salesperson's own weighs n / (n + k), that of the team k / (n + k).
-- A month that has not passed is not judged.
with haircuts as (
    select * from {{ ref('int_haircuts_monthly') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

shares as (
    select
        haircuts.*,
        parameters.flat_haircut_share,
        parameters.haircut_shrinkage_periods as shrinkage,
        {{ safe_share('haircuts.past_actual_amount', 'haircuts.past_forecast_amount') }} as own_won_share,
        {{ safe_share('haircuts.team_past_actual_amount', 'haircuts.team_past_forecast_amount') }} as team_won_share
    from haircuts
    cross join parameters
),

shrunk as (
    select
        *,
        cast(round(
            1 - (past_period_count * cast(coalesce(own_won_share, team_won_share) as double) + shrinkage * cast(team_won_share as double))
            / nullif(past_period_count + shrinkage, 0), 6
        ) as decimal(9, 6)) as haircut_share
    from shares
),

forecasts as (
    select
        *,
        {{ rounded_half_up('cast(forecast_amount as decimal(38, 4)) * (1 - flat_haircut_share)') }} as flat_amount,
        {{ rounded_half_up('cast(forecast_amount as decimal(38, 4)) * (1 - haircut_share)') }} as calibrated_amount
    from shrunk
)

select
    month_start_date,
    salesperson_id,
    team,
    is_complete,
    cast(past_period_count as integer) as closed_period_count,
    own_won_share,
    team_won_share,
    haircut_share,
    cast(forecast_amount as decimal(18, 4)) as raw_amount,
    flat_amount,
    calibrated_amount,
    cast(year_ago_actual_amount as decimal(18, 4)) as naive_amount,
    cast(actual_amount as decimal(18, 4)) as actual_amount,
    {%- for method, amount in [('raw', 'forecast_amount'), ('flat', 'flat_amount'), ('calibrated', 'calibrated_amount'), ('naive', 'year_ago_actual_amount')] %}
    case when is_complete then cast(abs({{ amount }} - actual_amount) as decimal(18, 4)) end as {{ method }}_error_amount,
    {%- endfor %}
    case when is_complete then cast(abs(forecast_amount - actual_amount) - abs(calibrated_amount - actual_amount) as decimal(18, 4)) end
        as value_added_amount
from forecasts
