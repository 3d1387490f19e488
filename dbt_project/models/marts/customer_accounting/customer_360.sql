-- The report date's month end; customers that are lost keep their last figures at nothing.
{%- set at_month_end = {
    'customers': 'int_customer_trailing_monthly', 'base': 'customer_base_monthly', 'strengths': 'int_relationship_strengths_monthly',
    'payers': 'payer_behaviour_monthly', 'equity': 'int_customer_equity_changes',
} %}
with night as (
    select * from {{ ref('stg_company__night') }}
),

{% for name, model in at_month_end.items() -%}
{{ name }} as (
    select at_month_end.*
    from {{ ref(model) }} as at_month_end
    cross join night
    where at_month_end.month_start_date = {{ month_start('night.report_date') }}
),

{% endfor -%}
positions as (
    select * from {{ ref('int_customer_positions') }}
),

offers as (
    select customer_id, count(*) as family_count, sum(coalesce(expected_margin_amount, expected_revenue_amount)) as amount
    from {{ ref('white_space') }}
    group by 1
),

losses as (
    select customer_id, max_by(churn_reason, month_start_date) as churn_reason
    from {{ ref('int_customer_losses') }}
    group by 1
)

select
    master.customer_id,
    master.name,
    night.report_date,
    master.account_owner_id,
    master.industry_code,
    master.size_class,
    memberships.parent_customer_id,
    memberships.customer_group_id,
    memberships.group_customer_count,
    customers.state,
    customers.is_active,
    case when not customers.is_active then coalesce(losses.churn_reason, 'unknown') end as churn_reason,
    customers.value_basis,
    customers.value_amount,
    positions.value_year_before_amount,
    cast(customers.value_amount - positions.value_year_before_amount as decimal(18, 4)) as value_change_amount,
    cast(sum(customers.value_amount) over (partition by memberships.customer_group_id) as decimal(18, 4)) as group_value_amount,
    customers.trailing_net_revenue_amount,
    {%- for amount in ['gross_margin', 'cost_to_serve', 'risk_cost', 'receivables', 'overdue'] %}
    cast(coalesce(positions.{{ amount }}_amount, 0) as decimal(18, 4)) as {{ amount }}_amount,
    {%- endfor %}
    cast(sum(coalesce(positions.receivables_amount, 0)) over (partition by memberships.customer_group_id) as decimal(18, 4))
        as group_receivables_amount,
    cast(coalesce(exposures.exposure_amount, 0) as decimal(18, 4)) as exposure_amount,
    cast(coalesce(exposures.uninsured_amount, 0) as decimal(18, 4)) as uninsured_amount,
    coalesce(base.value_tier, 'not active') as value_tier,
    coalesce(base.debtor_risk_class, 'not active') as debtor_risk_class,
    coalesce(base.debtor_risk_reason, 'not active') as debtor_risk_reason,
    payers.average_late_days,
    payers.payer_score,
    coalesce(positions.dispute_count, 0) as open_dispute_count,
    cast(coalesce(positions.dispute_gross_amount, 0) as decimal(18, 4)) as open_dispute_gross_amount,
    coalesce(positions.error_count, 0) as open_error_count,
    cast(coalesce(positions.error_stake_amount, 0) as decimal(18, 4)) as open_error_stake_amount,
    coalesce(positions.invoice_count, 0) as invoice_count,
    coalesce(positions.right_first_time_count, 0) as right_first_time_count,
    {{ safe_share('positions.right_first_time_count', 'positions.invoice_count') }} as first_time_right_share,
    balance.satisfaction_score,
    balance.value_of_score,
    balance.value_for_score,
    balance.corner,
    strengths.strength_score,
    cast(coalesce(equity.closing_equity_amount, 0) as decimal(18, 4)) as forward_value_amount,
    lifetime.lifetime_value_amount,
    lifetime.alive_share,
    coalesce(offers.family_count, 0) as white_space_count,
    cast(coalesce(offers.amount, 0) as decimal(18, 4)) as white_space_amount
from customers
cross join night
inner join {{ ref('dim_customers') }} as master on customers.customer_id = master.customer_id
inner join {{ ref('int_customer_groups') }} as memberships on customers.customer_id = memberships.customer_id
{%- for name in ['positions', 'base', 'strengths', 'payers', 'equity', 'offers', 'losses'] %}
left join {{ name }} on customers.customer_id = {{ name }}.customer_id
{%- endfor %}
left join {{ ref('customer_exposure') }} as exposures on customers.customer_id = exposures.customer_id
left join {{ ref('customer_value_balance') }} as balance on customers.customer_id = balance.customer_id
left join {{ ref('customer_lifetime_value') }} as lifetime on customers.customer_id = lifetime.customer_id
