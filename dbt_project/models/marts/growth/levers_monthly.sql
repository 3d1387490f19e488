-- What a unit of each lever is worth in euros a year by the company's own figures of twelve months, and how many units there are; an estimate of what pulling
-- it did stands beside, where history has a comparison. The names of the levers are complete in each month: what is not known says why.
{%- set levers = {
    'dso_terms_granted': 'dso_terms_granted', 'dso_late_payment': 'dso_late_payment', 'dso_own_errors': 'dso_own_errors', 'first_time_right': 'first_time_right',
    'write_off_rate': 'write_off_rate', 'retention_a': 'profit_weighted_retention', 'retention_b': 'profit_weighted_retention',
    'retention_c': 'profit_weighted_retention', 'win_rate': 'win_rate', 'discount': 'net_revenue', 'cost_to_serve_tail': 'cost_to_serve',
    'stale_lead': 'waiting_lead_amount', 'forecast_error': 'forecast_accuracy_wape',
} %}
{%- set minimum_count, width = 30, 1.96 %}
with months as (
    select * from {{ ref('dim_months') }} where is_complete
),

measured as (
    select * from {{ ref('int_levers_measured') }}
),

-- What pulling it did, in its own measure, and how many units of the lever the whole of it is.
estimated as (
    select
        month_start_date,
        'stale_lead' as lever,
        'early_follow_up' as estimate_by,
        soon_count as treated_count,
        late_count as other_count,
        effect_share as effect,
        standard_error,
        null as reach_share
    from {{ ref('int_lead_follow_ups_monthly') }}
    union all
    select
        month_start_date,
        lever,
        case lever when 'dso_late_payment' then 'call_before_due' else 'no_own_error' end,
        treated_count,
        other_count,
        effect_days,
        standard_error,
        reach_share
    from {{ ref('int_lever_days_compared') }}
),

estimates as (
    select *
    from estimated
    where treated_count >= {{ minimum_count }} and other_count >= {{ minimum_count }} and standard_error is not null
),

names as (
    {%- for lever, kpi in levers.items() %}
    select '{{ lever }}' as lever, '{{ kpi }}' as kpi
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

joined as (
    select
        months.month_start_date,
        names.lever,
        names.kpi,
        measured.unit,
        measured.unit_value,
        measured.open_units,
        measured.basis_amount,
        measured.basis_share,
        estimates.estimate_by,
        estimates.treated_count + estimates.other_count as estimate_count,
        estimates.effect,
        {{ width }} * estimates.standard_error as half_width,
        measured.unit_value * coalesce(estimates.reach_share, measured.open_units) as whole_value,
        measured.unit_value is not null and estimates.effect is not null as has_estimate
    from months
    cross join names
    left join measured on months.month_start_date = measured.month_start_date and names.lever = measured.lever
    left join estimates on months.month_start_date = estimates.month_start_date and names.lever = estimates.lever
)

select
    month_start_date,
    lever,
    kpi,
    case when unit_value is null then 'not_available' else 'final' end as status,
    case when unit_value is null then 'lever_not_known' end as reason,
    unit,
    cast(round(unit_value, 4) as decimal(18, 4)) as unit_value_amount,
    cast(round(open_units, 4) as decimal(18, 4)) as open_unit_quantity,
    cast(round(basis_amount, 4) as decimal(18, 4)) as basis_amount,
    cast(round(basis_share, 6) as decimal(38, 6)) as basis_share,
    case when has_estimate then 'final' else 'not_available' end as estimate_status,
    case when not has_estimate then 'no_comparison' end as estimate_reason,
    case when has_estimate then estimate_by end as estimate_by,
    cast(case when has_estimate then estimate_count end as bigint) as estimate_count,
    {%- for name, sign in {'estimate': '', 'estimate_low': ' - half_width', 'estimate_high': ' + half_width'}.items() %}
    cast(case when has_estimate then round(effect{{ sign }}, 6) end as decimal(38, 6)) as {{ name }}_value,
    cast(case when has_estimate then round((effect{{ sign }}) * whole_value, 4) end as decimal(18, 4)) as {{ name }}_amount
    {{- ',' if not loop.last }}
    {%- endfor %}
from joined
