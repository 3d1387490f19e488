-- F is what a salesperson forecast of a month one, two or three months before it (int_forecast_deals); A is what was won in that month. What was won
-- without standing in that snapshot has the stage 'not forecast', unless its salesperson forecast the whole period: all of it was forecast then.
with taken as (
    select * from {{ ref('int_forecast_deals') }}
),

snapshot_months as (
    select distinct {{ month_start('snapshot_date') }} as snapshot_month from {{ ref('fct_forecast_snapshots') }}
),

horizons as (
    select * from (values (1), (2), (3)) as numbers (horizon_months)
),

months as (
    select * from {{ ref('dim_months') }}
),

opportunities as (
    select * from {{ ref('fct_opportunities') }} where is_won
),

forecastable as (
    select distinct
        months.month_start_date,
        horizons.horizon_months
    from months
    cross join horizons
    inner join snapshot_months on snapshot_months.snapshot_month = {{ months_later('months.month_start_date', '-horizons.horizon_months') }}
),

won as (
    select
        {{ month_start('opportunities.closed_date') }} as month_start_date,
        forecastable.horizon_months,
        opportunities.salesperson_id,
        opportunities.opportunity_id,
        coalesce(taken.stage, wholes.stage, 'not forecast') as stage,
        coalesce(opportunities.amount, 0) as actual_amount
    from opportunities
    inner join forecastable on {{ month_start('opportunities.closed_date') }} = forecastable.month_start_date
    left join taken
        on
            forecastable.month_start_date = taken.month_start_date
            and forecastable.horizon_months = taken.horizon_months
            and opportunities.opportunity_id = taken.opportunity_id
    left join (select * from taken where opportunity_id is null) as wholes
        on
            forecastable.month_start_date = wholes.month_start_date
            and forecastable.horizon_months = wholes.horizon_months
            and opportunities.salesperson_id = wholes.salesperson_id
),

parts as (
    select
        taken.month_start_date,
        taken.horizon_months,
        taken.salesperson_id,
        taken.stage,
        taken.forecast_amount,
        0 as actual_amount
    from taken
    inner join months on taken.month_start_date = months.month_start_date
    union all
    select
        month_start_date,
        horizon_months,
        salesperson_id,
        stage,
        0,
        actual_amount
    from won
)

select
    month_start_date,
    horizon_months,
    salesperson_id,
    stage,
    sum(forecast_amount) as forecast_amount,
    sum(actual_amount) as actual_amount
from parts
group by 1, 2, 3, 4
