{%- set leading = ['upsell_count', 'upsell_amount', 'contract_due_count', 'contract_renewed_count', 'contract_renewed_amount', 'outbound_contact_count', 'core_at_top_price_count', 'core_at_top_price_amount', 'waiting_lead_count', 'waiting_lead_amount', 'waiting_lead_days'] %}
{%- set unvalued = 'unvalued_document_count + unvalued_base_count' %}
with periods as (
    select * from {{ ref('int_periods') }} where period_type = 'month'
),

growth as (
    select
        *,
        'month' as period_type,
        month_start_date as period_start_date,
        net_revenue_amount - base_amount as growth_amount,
        base_amount + held_out_base_amount as bounded_base_amount,
        net_revenue_amount + held_out_net_amount - base_amount - held_out_base_amount as bounded_growth_amount
    from {{ ref('growth_monthly') }}
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
        case when is_complete then actual_amount end as judged_actual_amount,
        case when not is_complete then accuracy_reason end as open_reason
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
        case when is_complete then actual_amount end as judged_actual_amount,
        case when not is_complete then 'the month has not passed' end as open_reason
    from haircut_months
),

indicators as (
    select * from {{ ref('leading_indicators_monthly') }}
),

indicator_rows as (
    {{ scoped_months('indicators', leading, ['company', 'salesperson', 'team']) }}
)

{{ kpi_rows('accelerated', [
    {'kpi': 'revenue_growth', 'numerator': 'growth_amount', 'denominator': 'base_amount', 'bounded_numerator': 'bounded_growth_amount',
     'bounded_denominator': 'bounded_base_amount', 'reason': 'growth_reason', 'unvalued': unvalued},
    {'kpi': 'revenue_growth_acceleration', 'value': 'acceleration_share', 'bounded': 'bounded_acceleration_share', 'unvalued': unvalued ~ ' + unvalued_first_count',
     'reason': "case when acceleration_share is null then 'no growth of a year before' end"},
]) }}
union all
{{ kpi_rows('accuracy', [
    {'kpi': 'forecast_accuracy_wape', 'numerator': 'absolute_error_amount', 'denominator': 'judged_actual_amount', 'reason': 'open_reason'},
    {'kpi': 'forecast_bias', 'numerator': 'judged_bias_amount', 'denominator': 'judged_actual_amount', 'reason': 'open_reason'},
]) }}
union all
{{ kpi_rows('haircut_rows', [
    {'kpi': 'forecast_haircut', 'numerator': 'judged_cut_amount', 'denominator': 'judged_raw_amount', 'reason': 'open_reason'},
    {'kpi': 'forecast_flat_wape', 'numerator': 'flat_error_amount', 'denominator': 'judged_actual_amount', 'reason': 'open_reason'},
    {'kpi': 'forecast_calibrated_wape', 'numerator': 'calibrated_error_amount', 'denominator': 'judged_actual_amount',
     'reason': "coalesce(open_reason, case when calibrated_error_amount is null then 'no closed month before the snapshot' end)"},
    {'kpi': 'forecast_naive_wape', 'numerator': 'naive_error_amount', 'denominator': 'judged_actual_amount',
     'reason': "coalesce(open_reason, case when naive_error_amount is null then 'no figures of a year before' end)"},
]) }}
union all
{{ kpi_rows('indicator_rows', [
    {'kpi': 'upsell_count', 'value': 'upsell_count'},
    {'kpi': 'upsell_amount', 'value': 'upsell_amount'},
    {'kpi': 'renewal_count', 'value': 'contract_renewed_count'},
    {'kpi': 'renewal_amount', 'value': 'contract_renewed_amount'},
    {'kpi': 'renewal_rate', 'numerator': 'contract_renewed_count', 'denominator': 'contract_due_count'},
    {'kpi': 'outbound_contact_count', 'value': 'outbound_contact_count'},
    {'kpi': 'core_at_top_price_count', 'value': 'core_at_top_price_count'},
    {'kpi': 'core_at_top_price_amount', 'value': 'core_at_top_price_amount'},
    {'kpi': 'waiting_lead_count', 'value': 'waiting_lead_count'},
    {'kpi': 'waiting_lead_amount', 'value': 'waiting_lead_amount'},
    {'kpi': 'waiting_lead_age', 'numerator': 'waiting_lead_days', 'denominator': 'waiting_lead_count'},
]) }}
