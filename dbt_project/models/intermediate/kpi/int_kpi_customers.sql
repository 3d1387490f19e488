with dynamics as (
    select
        *,
        'month' as period_type,
        month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        is_complete and provisional_churned_count = 0 as is_churn_complete,
        is_complete and left_censored_new_count = 0 as is_new_complete
    from {{ ref('customer_dynamics_monthly') }}
)

{%- set recent_churn = "case when provisional_churned_count > 0 then provisional_churned_count || ' recent losses may still come back' end" %}
{%- set left_censored = "case when left_censored_new_count > 0 then left_censored_new_count || ' may have bought before the first delivery' end" %}

{{ kpi_rows('dynamics', [
    {'kpi': 'active_customers', 'value': 'closing_count'},
    {'kpi': 'new_customers', 'value': 'new_count', 'is_complete': 'is_new_complete', 'reason': left_censored},
    {'kpi': 'reactivated_customers', 'value': 'reactivated_count'},
    {'kpi': 'churned_customers', 'value': 'churned_count', 'is_complete': 'is_churn_complete', 'reason': recent_churn},
    {'kpi': 'logo_churn_rate', 'numerator': 'churned_count', 'denominator': 'opening_count', 'is_complete': 'is_churn_complete', 'reason': recent_churn},
]) }}
