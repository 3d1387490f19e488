with held_out as (
    select * from {{ ref('int_held_out_results_monthly') }}
),

scoped_results as (
    select
        *,
        'month' as period_type,
        month_start_date as period_start_date,
        case segment_type when 'size_class' then 'segment' else segment_type end as scope_type,
        segment_id as scope_id
    from {{ ref('segment_result_monthly') }}
    where segment_type in ('company', 'size_class', 'industry') and segment_id <> 'unassigned'
),

results as (
    select
        scoped_results.*,
        coalesce(held_out.result_amount, 0) as held_out_result_amount,
        -- What lines without a known unit cost can bring: nothing, or all of their revenue.
        coalesce(held_out.unvalued_count, 0) as unvalued_count,
        coalesce(observed.are_costs_known, true) as are_costs_known,
        coalesce(leads.open_lead_count, 0) as open_lead_count,
        scoped_results.is_complete and coalesce(leads.open_lead_count, 0) = 0 as is_assigned,
        -- What a lead cost moves from nobody to its customer: within the company.
        scoped_results.is_complete and (coalesce(leads.open_lead_count, 0) = 0 or scoped_results.scope_type = 'company') as is_result_complete
    from scoped_results
    left join {{ ref('int_base_observed_monthly') }} as observed on scoped_results.month_start_date = observed.month_start_date
    left join {{ ref('int_open_leads_monthly') }} as leads on scoped_results.month_start_date = leads.month_start_date
    left join held_out
        on
            scoped_results.scope_type = held_out.scope_type
            and scoped_results.scope_id = held_out.scope_id
            and scoped_results.month_start_date = held_out.month_start_date
),

segments as (
    select
        'month' as period_type,
        segments.month_start_date as period_start_date,
        case segment_type when 'value_tier' then 'company' when 'size_class' then 'segment' else segment_type end as scope_type,
        case segment_type when 'value_tier' then 'company' else segment_id end as scope_id,
        segments.is_complete,
        coalesce(observed.are_purchases_settled, false) as are_purchases_settled,
        parameters.purchase_reversal_days,
        sum(segments.high_risk_count) as high_risk_count,
        sum(segments.active_count) as active_count
    from {{ ref('customer_segments_monthly') }} as segments
    cross join {{ ref('stg_company__parameters') }} as parameters
    left join {{ ref('int_base_observed_monthly') }} as observed on segments.month_start_date = observed.month_start_date
    where segments.segment_type in ('value_tier', 'size_class', 'industry')
    group by 1, 2, 3, 4, 5, 6, 7
)

{%- set open_leads = reason_when('are_costs_known and open_lead_count > 0', 'open_leads', count='open_lead_count') %}
{%- set open_leads_result = reason_when("are_costs_known and open_lead_count > 0 and scope_type <> 'company'", 'open_leads', count='open_lead_count') %}
{%- set no_unit_cost = reason_when('are_costs_known and result_amount is null', 'no_unit_cost') %}
{%- set uncosted = reason_when('are_costs_known and result_amount is not null and uncosted_amount <> 0', 'uncosted_lines', amount='uncosted_amount') %}
{%- set costs_unknown = reason_when('not are_costs_known', 'costs_not_yet_delivered') %}
{%- set unsettled = reason_when('not are_purchases_settled', 'recent_purchases', count='purchase_reversal_days') %}

{{ kpi_rows('results', [
    {'kpi': 'customer_result', 'value': 'result_amount', 'held_out': 'held_out_result_amount + uncosted_amount', 'unvalued': 'unvalued_count',
     'is_known': 'are_costs_known', 'is_complete': 'is_result_complete', 'reasons': [costs_unknown, no_unit_cost, uncosted, open_leads_result]},
    {'kpi': 'cost_to_serve', 'value': 'cost_to_serve_amount', 'is_known': 'are_costs_known', 'is_complete': 'is_assigned', 'reasons': [costs_unknown, open_leads]},
    {'kpi': 'idle_capacity_amount', 'value': 'idle_capacity_amount', 'where': "scope_type = 'company'", 'is_known': 'are_costs_known', 'reasons': [costs_unknown]},
]) }}
union all
{{ kpi_rows('segments', [{'kpi': 'high_risk_customer_share', 'numerator': 'high_risk_count', 'denominator': 'active_count',
    'is_complete': 'is_complete and are_purchases_settled', 'reasons': [unsettled]}]) }}
