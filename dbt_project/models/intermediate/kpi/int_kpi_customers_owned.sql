-- New, lost and active customers of salespeople and teams, by the account owner of today; the company's stand in int_kpi_customers.
{%- set held_out = ['held_out_active_count', 'held_out_new_count', 'held_out_reactivated_count', 'held_out_churned_count'] %}
{%- set measures = ['active_count', 'new_count', 'reactivated_count', 'churned_count', 'provisional_count', 'left_censored_count'] + held_out %}
with states as (
    select * from {{ ref('customer_months') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

periods as (
    select * from {{ ref('int_periods') }} where period_type = 'month'
),

owned as (
    select
        states.month_start_date,
        customers.account_owner_id as salesperson_id,
        case when states.is_active then 1 else 0 end as active_count,
        case when states.state = 'new' then 1 else 0 end as new_count,
        case when states.state = 'reactivated' then 1 else 0 end as reactivated_count,
        case when states.state = 'churned' then 1 else 0 end as churned_count,
        case when states.state = 'churned' and states.is_provisional then 1 else 0 end as provisional_count,
        case when states.state = 'new' and states.is_left_censored then 1 else 0 end as left_censored_count,
        {%- for count in held_out %}
        0 as {{ count }}{{ ',' if not loop.last }}
        {%- endfor %}
    from states
    inner join customers on states.customer_id = customers.customer_id
    union all
    select
        changes.month_start_date,
        customers.account_owner_id as salesperson_id,
        0 as active_count,
        0 as new_count,
        0 as reactivated_count,
        0 as churned_count,
        0 as provisional_count,
        0 as left_censored_count,
        {%- for count in held_out %}
        changes.{{ count }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_customer_states_held_out') }} as changes
    inner join customers on changes.customer_id = customers.customer_id
),

scoped as (
    {{ scoped_months('owned', measures, ['salesperson', 'team']) }}
),

by_period as (
    select
        scoped.*,
        scoped.provisional_count as provisional_churned_count,
        scoped.left_censored_count as left_censored_new_count,
        {{ base_flags('scoped', 'scoped.provisional_count', 'scoped.left_censored_count') }}
    from scoped
    left join {{ ref('int_base_observed_monthly') }} as observed on scoped.period_start_date = observed.month_start_date
    cross join {{ ref('stg_company__parameters') }} as parameters
)

{%- set told = base_reasons() %}

{{ kpi_rows('by_period', [
    {'kpi': 'active_customers', 'value': 'active_count', 'held_out': 'held_out_active_count', 'is_complete': 'is_base_complete', 'reasons': told.active},
    {'kpi': 'new_customers', 'value': 'new_count', 'held_out': 'held_out_new_count', 'is_complete': 'is_new_complete', 'reasons': told.new},
    {'kpi': 'reactivated_customers', 'value': 'reactivated_count', 'held_out': 'held_out_reactivated_count', 'is_known': 'are_losses_known',
     'is_complete': 'is_settled', 'reasons': told.reactivated},
    {'kpi': 'churned_customers', 'value': 'churned_count', 'held_out': 'held_out_churned_count', 'is_known': 'are_losses_known',
     'is_complete': 'is_churn_complete', 'reasons': told.churned},
]) }}
