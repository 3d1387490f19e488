-- Steps of the twelve months up to a month end whose fourteen days have passed, each with the chance that its invoice would have been collected within them
-- without it: p = 1 - product of (1 - h) over the fourteen days. h is the share of comparable invoices (segment, band of amount and of the payer's lateness,
-- steps until then, days late) that were collected on such a day, in the same twelve months. A step is matched where at least `minimum_open` of them were
-- open on each of its days, and not more than nine in ten had been dunned by the last one: who is left out of a step that all others get is no
-- comparison (Crump, Hotz, Imbens and Mitnik, Dealing with limited overlap, Biometrika 96, 2009).
{%- set window_months, effect_days, minimum_open, largest_share = 12, 14, 5, 0.9 %}
with months as (
    select * from {{ ref('dim_months') }} where is_complete
),

steps as (
    select * from {{ ref('int_dunning_steps') }}
),

hazards as (
    select * from {{ ref('int_dunning_hazards_monthly') }}
),

treated as (
    select
        months.month_start_date,
        steps.*
    from steps
    inner join months
        on
            steps.happened_date + {{ effect_days }} <= months.month_end_date
            and steps.happened_date >= {{ months_later('months.month_start_date', 1 - window_months) }}
),

expected as (
    select
        treated.month_start_date,
        treated.activity_id,
        count(*) as matched_days,
        min(hazards.open_count) as open_count,
        max(hazards.dunned_share) as dunned_share,
        exp(sum(ln(greatest(1 - hazards.hazard_share, 1e-9)))) as open_share
    from treated
    inner join hazards
        on
            treated.month_start_date = hazards.month_start_date
            and treated.size_class = hazards.size_class
            and treated.amount_band = hazards.amount_band
            and treated.lateness_band = hazards.lateness_band
            and treated.steps_before = hazards.steps_before
            and hazards.late_days > treated.late_days
            and hazards.late_days <= treated.late_days + {{ effect_days }}
    group by 1, 2
)

select
    treated.month_start_date,
    treated.activity_id,
    treated.invoice_id,
    treated.customer_id,
    treated.happened_date,
    treated.late_days,
    treated.size_class,
    treated.amount_band,
    treated.lateness_band,
    treated.steps_before,
    treated.dunning_level,
    treated.channel,
    treated.department,
    treated.amount,
    treated.is_collected and treated.settled_date <= treated.happened_date + {{ effect_days }} as is_collected_in_time,
    coalesce(expected.matched_days = {{ effect_days }} and expected.open_count >= {{ minimum_open }} and expected.dunned_share <= {{ largest_share }}, false) as is_matched,
    1 - expected.open_share as expected_share
from treated
left join expected on treated.month_start_date = expected.month_start_date and treated.activity_id = expected.activity_id
