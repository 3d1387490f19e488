with held_out as (
    select
        month_start_date,
        {%- for count in ['opening', 'active', 'new', 'reactivated', 'churned'] %}
        sum(held_out_{{ count }}_count) as held_out_{{ count }}_count{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_customer_states_held_out') }}
    group by 1
),

dynamics as (
    select
        dynamics.*,
        'month' as period_type,
        dynamics.month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        {%- for count in ['opening', 'active', 'new', 'reactivated', 'churned'] %}
        coalesce(held_out.held_out_{{ count }}_count, 0) as held_out_{{ count }}_count,
        {%- endfor %}
        dynamics.is_complete and dynamics.provisional_churned_count = 0 as is_churn_complete,
        dynamics.is_complete and dynamics.left_censored_new_count = 0 as is_new_complete
    from {{ ref('customer_dynamics_monthly') }} as dynamics
    left join held_out on dynamics.month_start_date = held_out.month_start_date
)

{%- set recent_churn = "case when provisional_churned_count > 0 then provisional_churned_count || ' recent losses may still come back' end" %}
{%- set left_censored = "case when left_censored_new_count > 0 then left_censored_new_count || ' may have bought before the first delivery' end" %}

{{ kpi_rows('dynamics', [
    {'kpi': 'active_customers', 'value': 'closing_count', 'held_out': 'held_out_active_count'},
    {'kpi': 'new_customers', 'value': 'new_count', 'held_out': 'held_out_new_count', 'is_complete': 'is_new_complete', 'reason': left_censored},
    {'kpi': 'reactivated_customers', 'value': 'reactivated_count', 'held_out': 'held_out_reactivated_count'},
    {'kpi': 'churned_customers', 'value': 'churned_count', 'held_out': 'held_out_churned_count', 'is_complete': 'is_churn_complete', 'reason': recent_churn},
    {'kpi': 'logo_churn_rate', 'numerator': 'churned_count', 'denominator': 'opening_count',
     'bounded_numerator': 'churned_count + held_out_churned_count', 'bounded_denominator': 'opening_count + held_out_opening_count', 'is_complete': 'is_churn_complete', 'reason': recent_churn},
]) }}
