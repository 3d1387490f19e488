-- The share of comparable invoices that are collected on a day, over the twelve months up to a month end, and the share
-- of them that has been dunned (again) by that day, as if none had been collected before.
{%- set window_months = 12 %}
with months as (
    select * from {{ ref('dim_months') }} where is_complete
),

days as (
    select * from {{ ref('int_dunning_days_monthly') }}
),

summed as (
    select
        months.month_start_date,
        days.size_class,
        days.amount_band,
        days.lateness_band,
        days.steps_before,
        days.late_days,
        sum(days.open_count) as open_count,
        sum(days.collected_count) as collected_count,
        sum(days.step_count) as step_count
    from months
    inner join days
        on
            days.month_start_date <= months.month_start_date
            and days.month_start_date >= {{ months_later('months.month_start_date', 1 - window_months) }}
    group by 1, 2, 3, 4, 5, 6
)

select
    month_start_date,
    size_class,
    amount_band,
    lateness_band,
    steps_before,
    late_days,
    open_count,
    cast(collected_count as double) / open_count as hazard_share,
    1 - exp(sum(ln(greatest(1 - cast(step_count as double) / open_count, 1e-9))) over (
        partition by month_start_date, size_class, amount_band, lateness_band, steps_before order by late_days
    )) as dunned_share
from summed
