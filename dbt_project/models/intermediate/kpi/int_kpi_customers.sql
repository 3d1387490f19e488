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
        {{ base_flags('dynamics', 'dynamics.provisional_churned_count', 'dynamics.left_censored_new_count') }}
    from {{ ref('customer_dynamics_monthly') }} as dynamics
    left join held_out on dynamics.month_start_date = held_out.month_start_date
    left join {{ ref('int_base_observed_monthly') }} as observed on dynamics.month_start_date = observed.month_start_date
    cross join {{ ref('stg_company__parameters') }} as parameters
)

{%- set told = base_reasons() %}

{{ kpi_rows('dynamics', [
    {'kpi': 'active_customers', 'value': 'closing_count', 'held_out': 'held_out_active_count', 'is_complete': 'is_base_complete', 'reasons': told.active},
    {'kpi': 'new_customers', 'value': 'new_count', 'held_out': 'held_out_new_count', 'is_complete': 'is_new_complete', 'reasons': told.new},
    {'kpi': 'reactivated_customers', 'value': 'reactivated_count', 'held_out': 'held_out_reactivated_count', 'is_known': 'are_losses_known',
     'is_complete': 'is_settled', 'reasons': told.reactivated},
    {'kpi': 'churned_customers', 'value': 'churned_count', 'held_out': 'held_out_churned_count', 'is_known': 'are_losses_known',
     'is_complete': 'is_churn_complete', 'reasons': told.churned},
    {'kpi': 'logo_churn_rate', 'numerator': 'churned_count', 'denominator': 'opening_count',
     'bounded_numerator': 'churned_count + held_out_churned_count', 'bounded_denominator': 'opening_count + held_out_opening_count',
     'is_known': 'are_losses_known', 'is_complete': 'is_churn_complete', 'reasons': told.churned},
]) }}
