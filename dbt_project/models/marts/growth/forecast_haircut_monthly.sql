-- haircut = 1 - won / forecast of closed months; the salesperson's own weighs n / (n + k), that of the team k / (n + k).
-- Staged: by what deals of that stage and age brought. A month that has not passed is not judged, and one after the report month is forecast by
-- the nearest snapshot. Recommended: the smallest error over the closed months before it that all could forecast, from the declared number of them on, else flat.
{%- set methods = [('raw', 'forecast_amount'), ('flat', 'flat_amount'), ('calibrated', 'calibrated_amount'), ('staged', 'staged_amount'), ('naive', 'year_ago_actual_amount')] %}
{%- set can_all = 'is_complete and calibrated_amount is not null and staged_amount is not null and year_ago_actual_amount is not null' %}
with shares as (
    select
        haircuts.*,
        staged.staged_amount,
        parameters.flat_haircut_share,
        parameters.haircut_shrinkage_periods as shrinkage,
        parameters.forecast_judged_months,
        {{ safe_share('haircuts.past_actual_amount', 'haircuts.past_forecast_amount') }} as own_won_share,
        {{ safe_share('haircuts.team_past_actual_amount', 'haircuts.team_past_forecast_amount') }} as team_won_share
    from {{ ref('int_haircuts_monthly') }} as haircuts
    cross join {{ ref('stg_company__parameters') }} as parameters
    left join {{ ref('int_forecasts_staged') }} as staged using (month_start_date, horizon_months, salesperson_id)
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
),

past as (
    select
        month_start_date,
        sum(max(case when {{ can_all }} then 1 else 0 end)) over (order by month_start_date rows between unbounded preceding and 2 preceding) as month_count,
        {%- for method, amount in methods %}
        cast(sum(sum(case when {{ can_all }} then abs({{ amount }} - actual_amount) end))
            over (order by month_start_date rows between unbounded preceding and 2 preceding) as decimal(18, 4)) as {{ method }}{{ ',' if not loop.last }}
        {%- endfor %}
    from forecasts
    group by 1
),

chosen as (
    select
        forecasts.*,
        {%- for method, amount in methods %}
        past.{{ method }} as past_{{ method }}_error_amount,
        {%- endfor %}
        case
            when past.flat is null or past.month_count < forecasts.forecast_judged_months or past.flat <= least(past.raw, past.calibrated, past.staged, past.naive) then 'flat'
            when past.staged <= least(past.raw, past.calibrated, past.naive) then 'staged'
            when past.calibrated <= least(past.raw, past.naive) then 'calibrated'
            when past.raw <= past.naive then 'raw'
            else 'naive'
        end as recommended_method
    from forecasts
    inner join past on forecasts.month_start_date = past.month_start_date
),

recommended as (
    select
        *,
        cast(case recommended_method
            {%- for method, amount in methods %}
            when '{{ method }}' then coalesce({{ amount }}, flat_amount)
            {%- endfor %}
        end as decimal(18, 4)) as recommended_amount
    from chosen
)

select
    month_start_date,
    cast(horizon_months as integer) as horizon_months,
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
    staged_amount,
    cast(year_ago_actual_amount as decimal(18, 4)) as naive_amount,
    cast(actual_amount as decimal(18, 4)) as actual_amount,
    recommended_method,
    recommended_amount,
    {%- for method, amount in methods %}
    past_{{ method }}_error_amount,
    {%- endfor %}
    {%- for method, amount in methods + [('recommended', 'recommended_amount')] %}
    case when is_complete then cast(abs({{ amount }} - actual_amount) as decimal(18, 4)) end as {{ method }}_error_amount,
    {%- endfor %}
    {%- for name, amount in [('value_added', 'forecast_amount'), ('value_added_to_flat', 'flat_amount'), ('value_added_to_naive', 'year_ago_actual_amount')] %}
    case when is_complete then cast(abs({{ amount }} - actual_amount) - abs(recommended_amount - actual_amount) as decimal(18, 4)) end as {{ name }}_amount{{ ',' if not loop.last }}
    {%- endfor %}
from recommended
