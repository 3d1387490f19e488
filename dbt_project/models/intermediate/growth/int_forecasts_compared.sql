-- F is the last snapshot of the month that lies 1, 2 or 3 months before the month that is forecast; A is what was won in that month.
-- What was won without standing in that snapshot has the stage 'not forecast'.
with snapshots as (
    select
        *,
        {{ month_start('snapshot_date') }} as snapshot_month,
        max(snapshot_date) over (partition by {{ month_start('snapshot_date') }}) as last_snapshot_date
    from {{ ref('fct_forecast_snapshots') }}
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

taken as (
    select
        snapshots.forecast_month as month_start_date,
        horizons.horizon_months,
        snapshots.salesperson_id,
        snapshots.opportunity_id,
        max(coalesce(snapshots.stage, 'unknown')) as stage,
        sum(snapshots.amount) as forecast_amount
    from snapshots
    inner join horizons on snapshots.snapshot_month = {{ months_later('snapshots.forecast_month', '-horizons.horizon_months') }}
    where snapshots.snapshot_date = snapshots.last_snapshot_date
    group by 1, 2, 3, 4
),

forecastable as (
    select distinct
        months.month_start_date,
        horizons.horizon_months
    from months
    cross join horizons
    inner join snapshots on snapshots.snapshot_month = {{ months_later('months.month_start_date', '-horizons.horizon_months') }}
),

won as (
    select
        {{ month_start('opportunities.closed_date') }} as month_start_date,
        forecastable.horizon_months,
        opportunities.salesperson_id,
        opportunities.opportunity_id,
        coalesce(taken.stage, 'not forecast') as stage,
        coalesce(opportunities.amount, 0) as actual_amount
    from opportunities
    inner join forecastable on {{ month_start('opportunities.closed_date') }} = forecastable.month_start_date
    left join taken
        on
            forecastable.month_start_date = taken.month_start_date
            and forecastable.horizon_months = taken.horizon_months
            and opportunities.opportunity_id = taken.opportunity_id
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
