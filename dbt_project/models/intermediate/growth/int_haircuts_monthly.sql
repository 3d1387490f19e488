-- Won / forecast of a salesperson over the closed months before the snapshot: the snapshot for a month is taken in the month
-- before, which is not closed then, so its last closed month lies two months back; eleven months in all. What was won without standing in
-- the snapshot is no forecast, and no haircut can be learned from it.
with compared as (
    select
        month_start_date,
        salesperson_id,
        sum(forecast_amount) as forecast_amount,
        sum(actual_amount) as actual_amount
    from {{ ref('int_forecasts_compared') }}
    where horizon_months = 1 and coalesce(stage, 'unknown') <> 'not forecast'
    group by 1, 2
),

months as (
    select * from {{ ref('dim_months') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

span as (
    select
        salesperson_id,
        min(month_start_date) as first_month
    from compared
    group by 1
),

dense as (
    select
        months.month_start_date,
        months.is_complete,
        span.salesperson_id,
        coalesce(salespeople.team, 'unknown') as team,
        coalesce(compared.forecast_amount, 0) as forecast_amount,
        coalesce(compared.actual_amount, 0) as actual_amount
    from span
    inner join months on span.first_month <= months.month_start_date
    left join compared on span.salesperson_id = compared.salesperson_id and months.month_start_date = compared.month_start_date
    left join salespeople on span.salesperson_id = salespeople.salesperson_id
),

learned as (
    select
        *,
        {%- set window = 'over (partition by salesperson_id order by month_start_date rows between 12 preceding and 2 preceding)' %}
        coalesce(sum(forecast_amount) {{ window }}, 0) as past_forecast_amount,
        coalesce(sum(actual_amount) {{ window }}, 0) as past_actual_amount,
        count(case when forecast_amount > 0 then 1 end) {{ window }} as past_period_count,
        lag(actual_amount, 12) over (partition by salesperson_id order by month_start_date) as year_ago_actual_amount
    from dense
)

select
    month_start_date,
    is_complete,
    salesperson_id,
    team,
    forecast_amount,
    actual_amount,
    past_forecast_amount,
    past_actual_amount,
    past_period_count,
    year_ago_actual_amount,
    sum(past_forecast_amount) over (partition by month_start_date, team) as team_past_forecast_amount,
    sum(past_actual_amount) over (partition by month_start_date, team) as team_past_actual_amount
from learned
