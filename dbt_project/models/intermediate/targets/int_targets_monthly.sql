-- Targets as they stood at each month end of their quarter. Only days up to that month end weigh, so that a change of later
-- leaves the row of an earlier month end as it was.
with night as (
    select * from {{ ref('stg_company__night') }}
),

targets as (
    select
        targets.*,
        coalesce(targets.valid_until_date, {{ months_later('targets.quarter_start_date', 3) }}) as until_date,
        coalesce({{ local_date('targets.recorded_at', 'night.time_zone') }}, targets.valid_from_date) as recorded_date
    from {{ ref('fct_kpi_targets') }} as targets
    cross join night
),

months as (
    select * from {{ ref('dim_months') }}
),

known as (
    select
        targets.*,
        months.month_start_date,
        months.month_end_date,
        months.is_complete,
        targets.until_date > months.month_end_date as is_current,
        {{ days_between('targets.valid_from_date', 'least(targets.until_date, months.month_end_date + 1)') }} as weight_days
    from targets
    inner join months
        on
            targets.quarter_start_date = months.quarter_start_date
            and targets.valid_from_date <= months.month_end_date
            and targets.recorded_date <= months.month_end_date
)

select
    month_start_date,
    month_end_date,
    is_complete,
    quarter_start_date,
    team,
    kpi,
    min_by(target, valid_from_date) as original_target,
    max(case when is_current then target end) as current_target,
    cast(round(
        cast(sum(target * weight_days) as double) / nullif(sum(weight_days), 0), 8
    ) as decimal(38, 8)) as day_weighted_target,
    {{ latest_value('role', 'valid_from_date') }} as role,
    {{ latest_value('rhythm', 'valid_from_date') }} as rhythm,
    {{ latest_value('reward', 'valid_from_date') }} as reward,
    {{ latest_value('way_of_working', 'valid_from_date') }} as way_of_working,
    {{ latest_value('agreed_by', 'valid_from_date') }} as agreed_by,
    {{ latest_value('change_reason', 'valid_from_date') }} as change_reason,
    count(*) as agreement_count,
    {{ days_between('quarter_start_date', 'month_end_date') }} + 1 as elapsed_days,
    {{ days_between('quarter_start_date', months_later('quarter_start_date', 3)) }} as quarter_days
from known
group by 1, 2, 3, 4, 5, 6
