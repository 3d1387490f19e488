{%- set no_unit_cost = "case when result_amount is null then 'no unit cost is known' end" %}
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
        coalesce(held_out.unvalued_count, 0) as unvalued_count
    from scoped_results
    left join held_out
        on
            scoped_results.scope_type = held_out.scope_type
            and scoped_results.scope_id = held_out.scope_id
            and scoped_results.month_start_date = held_out.month_start_date
),

segments as (
    select
        'month' as period_type,
        month_start_date as period_start_date,
        case segment_type when 'value_tier' then 'company' when 'size_class' then 'segment' else segment_type end as scope_type,
        case segment_type when 'value_tier' then 'company' else segment_id end as scope_id,
        is_complete,
        sum(high_risk_count) as high_risk_count,
        sum(active_count) as active_count
    from {{ ref('customer_segments_monthly') }}
    where segment_type in ('value_tier', 'size_class', 'industry')
    group by 1, 2, 3, 4, 5
),

retention as (
    select
        *,
        'month' as period_type,
        month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        is_complete and provisional_churned_count = 0 as is_churn_complete,
        case
            when opening_profit_amount is null then 'no unit cost is known'
            when provisional_churned_count > 0 then provisional_churned_count || ' recent losses may still come back'
        end as profit_reason,
        case when provisional_churned_count > 0 then provisional_churned_count || ' recent losses may still come back' end as churn_reason
    from {{ ref('int_retention_bounded_monthly') }}
),

concentration as (
    select *, 'month' as period_type, month_start_date as period_start_date, 'company' as scope_type, 'company' as scope_id
    from {{ ref('customer_concentration_monthly') }}
)

{{ kpi_rows('results', [
    {'kpi': 'customer_result', 'value': 'result_amount', 'held_out': 'held_out_result_amount', 'unvalued': 'unvalued_count', 'reason': no_unit_cost},
    {'kpi': 'cost_to_serve', 'value': 'cost_to_serve_amount'},
    {'kpi': 'idle_capacity_amount', 'value': 'idle_capacity_amount', 'where': "scope_type = 'company'"},
]) }}
union all
{{ kpi_rows('segments', [{'kpi': 'high_risk_customer_share', 'numerator': 'high_risk_count', 'denominator': 'active_count'}]) }}
union all
{{ kpi_rows('retention', [
    {'kpi': 'annual_churn_rate', 'value': 'annual_churn_share', 'bounded': 'bounded_annual_churn_share', 'is_complete': 'is_churn_complete', 'reason': 'churn_reason', 'where': 'window_months = 1'},
    {'kpi': 'gross_revenue_retention', 'numerator': 'kept_revenue_amount', 'denominator': 'opening_revenue_amount',
     'bounded_numerator': 'bounded_kept_revenue_amount', 'bounded_denominator': 'bounded_opening_revenue_amount', 'where': 'window_months = 12'},
    {'kpi': 'net_revenue_retention', 'numerator': 'closing_revenue_amount', 'denominator': 'opening_revenue_amount',
     'bounded_numerator': 'bounded_closing_revenue_amount', 'bounded_denominator': 'bounded_opening_revenue_amount', 'where': 'window_months = 12'},
    {'kpi': 'profit_weighted_retention', 'numerator': 'kept_profit_amount', 'denominator': 'opening_profit_amount', 'is_complete': 'is_churn_complete', 'reason': 'profit_reason', 'where': 'window_months = 12'},
]) }}
union all
{{ kpi_rows('concentration', [{'kpi': 'top10_customer_share', 'numerator': 'top10_revenue_amount', 'denominator': 'revenue_amount'}]) }}
