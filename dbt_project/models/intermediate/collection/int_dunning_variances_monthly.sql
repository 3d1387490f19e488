-- How uncertain it is what dunned invoices would have brought without it. Every comparable day serves several steps, so its error does not cancel:
-- variance = sum over days of h (1 - h) / n x (sum over the steps it serves of amount x (1 - p) / (1 - h)) squared (the delta method).
{%- set effect_days = 14 %}
{%- set stratum = ['size_class', 'amount_band', 'lateness_band', 'steps_before'] %}
with compared as (
    select * from {{ ref('int_dunning_compared_monthly') }} where is_matched
),

hazards as (
    select * from {{ ref('int_dunning_hazards_monthly') }}
),

cuts as (
    select * from (values ('segment'), ('all')) as names (cut)
),

cohorts as (
    select
        compared.month_start_date,
        cuts.cut,
        compared.dunning_level,
        compared.channel,
        compared.department,
        {%- for column in stratum %}
        compared.{{ column }},
        {%- endfor %}
        compared.late_days,
        sum(cast(compared.amount as double) * (1 - compared.expected_share)) as weight_amount
    from compared
    cross join cuts
    group by all
),

served as (
    select
        cohorts.month_start_date,
        cohorts.cut,
        cohorts.dunning_level,
        cohorts.channel,
        cohorts.department,
        {%- for column in stratum %}
        cohorts.{{ column }},
        {%- endfor %}
        hazards.late_days,
        hazards.hazard_share * (1 - hazards.hazard_share) / hazards.open_count as hazard_variance,
        sum(cohorts.weight_amount / greatest(1 - hazards.hazard_share, 1e-9)) as slope_amount
    from cohorts
    inner join hazards
        on
            cohorts.month_start_date = hazards.month_start_date
            {%- for column in stratum %}
            and cohorts.{{ column }} = hazards.{{ column }}
            {%- endfor %}
            and hazards.late_days > cohorts.late_days
            and hazards.late_days <= cohorts.late_days + {{ effect_days }}
    group by all
)

select
    month_start_date,
    case when cut = 'all' then 'all' else size_class end as size_class,
    dunning_level,
    channel,
    department,
    sum(hazard_variance * slope_amount * slope_amount) as expected_variance
from served
group by 1, 2, 3, 4, 5
