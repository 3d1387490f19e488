-- What was forecast of each deal: by the last snapshot that a salesperson handed in for a month, in the month that lies 1, 2 or 3 months before it,
-- with the stage and age that the deal had then and what it brought in that month. Who hands in on the 28th is not behind one who does on the
-- 31st. Where a snapshot holds the forecast of the whole period the deals are its parts: what they leave of it stands beside them, and all else that the
-- salesperson won in the period was forecast by it. Months after the report date are among them: their deals have brought nothing yet.
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

opportunities as (
    select * from {{ ref('fct_opportunities') }}
),

handed_in as (
    select
        snapshots.forecast_month as month_start_date,
        horizons.horizon_months,
        snapshots.salesperson_id,
        snapshots.opportunity_id,
        max(snapshots.snapshot_date) as snapshot_date,
        max(coalesce(snapshots.stage, 'unknown')) as stage,
        sum(snapshots.amount) as amount
    from snapshots
    inner join horizons on snapshots.snapshot_month = {{ months_later('snapshots.forecast_month', '-horizons.horizon_months') }}
    where snapshots.snapshot_date = snapshots.last_snapshot_date
    group by 1, 2, 3, 4
),

won as (
    select
        salesperson_id,
        {{ month_start('closed_date') }} as month_start_date,
        sum(coalesce(amount, 0)) as won_amount
    from opportunities
    where is_won and closed_date is not null
    group by 1, 2
),

aged as (
    select
        handed_in.*,
        {{ days_between('opportunities.created_date', 'handed_in.snapshot_date') }} as age_days,
        case
            when opportunities.is_won and {{ month_start('opportunities.closed_date') }} = handed_in.month_start_date then coalesce(opportunities.amount, 0)
            else 0
        end as actual_amount
    from handed_in
    left join opportunities on handed_in.opportunity_id = opportunities.opportunity_id
)

select
    month_start_date,
    horizon_months,
    salesperson_id,
    opportunity_id,
    {%- set deals = 'over (partition by month_start_date, horizon_months, salesperson_id)' %}
    case when opportunity_id is null and count(opportunity_id) {{ deals }} > 0 then 'beside its deals' else stage end as stage,
    case
        when age_days is null then 'unknown' when age_days <= 30 then 'up to 30 days' when age_days <= 60 then '31 to 60 days'
        when age_days <= 120 then '61 to 120 days' else 'more than 120 days'
    end as age_class,
    case when opportunity_id is null then 2 * amount - sum(amount) {{ deals }} else amount end as forecast_amount,
    case
        when opportunity_id is null then greatest(coalesce(won.won_amount, 0) - sum(actual_amount) {{ deals }}, 0)
        else actual_amount
    end as actual_amount
from aged
left join won using (salesperson_id, month_start_date)
