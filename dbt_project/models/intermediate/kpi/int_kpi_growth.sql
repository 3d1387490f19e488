{%- set unvalued = 'unvalued_document_count + unvalued_base_count' %}
with periods as (
    select * from {{ ref('int_periods') }} where period_type = 'month'
),

observed as (
    select * from {{ ref('dim_observations') }} where entity = 'invoices'
),

growth as (
    select
        growth.*,
        'month' as period_type,
        growth.month_start_date as period_start_date,
        growth.net_revenue_amount - growth.base_amount as growth_amount,
        growth.base_amount + growth.held_out_base_amount as bounded_base_amount,
        growth.net_revenue_amount + growth.held_out_net_amount - growth.base_amount - growth.held_out_base_amount as bounded_growth_amount,
        {{ window_flags('growth.month_start_date', 13, 'is_base_known', 'base_known_from_month') }},
        {{ window_flags('growth.month_start_date', 25, 'is_acceleration_known', 'acceleration_known_from_month') }}
    from {{ ref('growth_monthly') }} as growth
    left join observed on true
),

accelerated as (
    select
        *,
        {{ safe_share('bounded_growth_amount', 'bounded_base_amount') }} - lag({{ safe_share('bounded_growth_amount', 'bounded_base_amount') }}, 12) over (
            partition by scope_type, scope_id order by month_start_date
        ) as bounded_acceleration_share,
        coalesce(lag(unvalued_document_count, 12) over (partition by scope_type, scope_id order by month_start_date), 0) as unvalued_base_count,
        coalesce(lag(unvalued_document_count, 24) over (partition by scope_type, scope_id order by month_start_date), 0) as unvalued_first_count
    from growth
),

accuracy as (
    select
        *,
        'month' as period_type,
        month_start_date as period_start_date,
        case when is_complete then forecast_amount - actual_amount end as judged_bias_amount,
        case when is_complete then actual_amount end as judged_actual_amount
    from {{ ref('forecast_accuracy_monthly') }}
    where horizon_months = 1 and scope_type <> 'stage'
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

haircuts as (
    select * from {{ ref('forecast_haircut_monthly') }}
),

haircut_months as (
    {{ scoped_months('haircuts', ['raw_amount', 'actual_amount', 'flat_error_amount', 'calibrated_error_amount', 'naive_error_amount', 'raw_error_amount'], ['company', 'salesperson', 'team']) }}
),

haircut_rows as (
    select
        *,
        case when is_complete then raw_amount - actual_amount end as judged_cut_amount,
        case when is_complete then raw_amount end as judged_raw_amount,
        case when is_complete then actual_amount end as judged_actual_amount
    from haircut_months
)

{%- set same_days = reason_when('is_base_known and compared_day_count is not null', 'same_days_compared', count='compared_day_count') %}
{%- set not_passed = reason_when('not is_complete', 'month_not_passed') %}
{%- set growth_reasons = [reason_when('not is_base_known', 'base_not_observed', date='base_known_from_month'), same_days] %}
{%- set acceleration_reasons = [
    reason_when('not is_acceleration_known', 'base_not_observed', date='acceleration_known_from_month'),
    reason_when('is_acceleration_known and compared_day_count is not null', 'same_days_compared', count='compared_day_count'),
    reason_when('is_acceleration_known and acceleration_share is null', 'zero_denominator'),
] %}

{{ kpi_rows('accelerated', [
    {'kpi': 'revenue_growth', 'numerator': 'growth_amount', 'denominator': 'base_amount', 'bounded_numerator': 'bounded_growth_amount',
     'bounded_denominator': 'bounded_base_amount', 'reasons': growth_reasons, 'is_known': 'is_base_known', 'unvalued': unvalued},
    {'kpi': 'revenue_growth_acceleration', 'value': 'acceleration_share', 'bounded': 'bounded_acceleration_share', 'unvalued': unvalued ~ ' + unvalued_first_count',
     'is_known': 'is_acceleration_known', 'reasons': acceleration_reasons},
]) }}
union all
{{ kpi_rows('accuracy', [
    {'kpi': 'forecast_accuracy_wape', 'numerator': 'absolute_error_amount', 'denominator': 'judged_actual_amount', 'reasons': [not_passed]},
    {'kpi': 'forecast_bias', 'numerator': 'judged_bias_amount', 'denominator': 'judged_actual_amount', 'reasons': [not_passed]},
]) }}
union all
{{ kpi_rows('haircut_rows', [
    {'kpi': 'forecast_haircut', 'numerator': 'judged_cut_amount', 'denominator': 'judged_raw_amount', 'reasons': [not_passed]},
    {'kpi': 'forecast_flat_wape', 'numerator': 'flat_error_amount', 'denominator': 'judged_actual_amount', 'reasons': [not_passed]},
    {'kpi': 'forecast_calibrated_wape', 'numerator': 'calibrated_error_amount', 'denominator': 'judged_actual_amount',
     'reasons': [not_passed, reason_when('is_complete and calibrated_error_amount is null', 'no_closed_month')]},
    {'kpi': 'forecast_naive_wape', 'numerator': 'naive_error_amount', 'denominator': 'judged_actual_amount',
     'reasons': [not_passed, reason_when('is_complete and naive_error_amount is null', 'no_year_before')]},
]) }}
