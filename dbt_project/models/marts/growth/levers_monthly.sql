-- What a unit of each lever is worth in euros a year by the company's own figures of twelve months, and how many units there are; an estimate of what pulling
-- it did stands beside, where history has a comparison. The names of the levers are complete in each month: what is not known says why, and nothing is worth
-- more than the KPIs that it is worth by are known.
{%- set minimum_count, width = 30, 1.96 %}
{%- set figures = {
    'unit_value': ('unit_value_amount', 'decimal(18, 4)'), 'open_units': ('open_unit_quantity', 'decimal(18, 4)'),
    'basis_amount': ('basis_amount', 'decimal(18, 4)'), 'basis_share': ('basis_share', 'decimal(38, 6)'),
} %}
with measured as (
    select * from {{ ref('int_levers_measured') }}
),

judged as (
    select * from {{ ref('int_levers_judged_monthly') }}
),

texts as (
    select * from {{ ref('kpi_reasons') }} where reason_code = 'lever_not_known'
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

joined as (
    select
        judged.month_start_date,
        judged.lever,
        judged.kpi,
        case when measured.unit_value is null then 'not_available' else judged.status end as status,
        judged.reason,
        judged.reason_kpi,
        judged.reason_period_start_date,
        measured.unit,
        case when judged.status <> 'not_available' then measured.unit_value end as unit_value,
        measured.open_units,
        measured.basis_amount,
        measured.basis_share,
        estimates.estimate_by,
        estimates.treated_count + estimates.other_count as estimate_count,
        estimates.effect,
        {{ width }} * estimates.standard_error as half_width,
        measured.unit_value * coalesce(estimates.reach_share, measured.open_units) as whole_value,
        judged.status <> 'not_available' and measured.unit_value is not null and estimates.effect is not null as has_estimate
    from judged
    left join measured on judged.month_start_date = measured.month_start_date and judged.lever = measured.lever
    left join estimates on judged.month_start_date = estimates.month_start_date and judged.lever = estimates.lever
)

select
    month_start_date,
    lever,
    kpi,
    status,
    coalesce(reason, case when status = 'not_available' then texts.text_en end) as reason,
    reason_kpi,
    reason_period_start_date,
    unit,
    {%- for figure, (name, type) in figures.items() %}
    cast(case when status <> 'not_available' then round({{ figure }}, {{ type[-2] }}) end as {{ type }}) as {{ name }},
    {%- endfor %}
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
cross join texts
