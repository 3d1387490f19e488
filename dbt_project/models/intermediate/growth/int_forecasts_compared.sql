-- F is the last snapshot that a salesperson handed in for a month, in the month that lies 1, 2 or 3 months before it; A is what was won in
-- that month. Who hands in on the 28th is not behind one who does on the 31st. Where a snapshot holds the forecast of the whole period the
-- deals are its parts: what they leave of it stands beside them. What was won without standing in that snapshot has the stage 'not forecast'.
with snapshots as (
    select
        *,
        {{ month_start('snapshot_date') }} as snapshot_month,
        max(snapshot_date) over (partition by salesperson_id, forecast_month, {{ month_start('snapshot_date') }}) as last_snapshot_date
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

handed_in as (
    select
        snapshots.forecast_month as month_start_date,
        horizons.horizon_months,
        snapshots.salesperson_id,
        snapshots.opportunity_id,
        max(coalesce(snapshots.stage, 'unknown')) as stage,
        sum(snapshots.amount) as amount
    from snapshots
    inner join horizons on snapshots.snapshot_month = {{ months_later('snapshots.forecast_month', '-horizons.horizon_months') }}
    where snapshots.snapshot_date = snapshots.last_snapshot_date
    group by 1, 2, 3, 4
),

taken as (
    select
        month_start_date,
        horizon_months,
        salesperson_id,
        opportunity_id,
        {%- set deals = 'over (partition by month_start_date, horizon_months, salesperson_id)' %}
        case when opportunity_id is null and count(opportunity_id) {{ deals }} > 0 then 'beside its deals' else stage end as stage,
        case when opportunity_id is null then 2 * amount - sum(amount) {{ deals }} else amount end as forecast_amount
    from handed_in
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
