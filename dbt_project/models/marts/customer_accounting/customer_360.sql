-- The report date's month end; customers that are lost keep their last figures at nothing.
with night as (
    select * from {{ ref('stg_company__night') }}
),

customers as (
    select customers.*
    from {{ ref('int_customer_trailing_monthly') }} as customers
    cross join night
    where customers.month_start_date = {{ month_start('night.report_date') }}
),

positions as (
    select * from {{ ref('int_customer_positions') }}
),

base as (
    select base.*
    from {{ ref('customer_base_monthly') }} as base
    cross join night
    where base.month_start_date = {{ month_start('night.report_date') }}
),

strengths as (
    select strengths.*
    from {{ ref('int_relationship_strengths_monthly') }} as strengths
    cross join night
    where strengths.month_start_date = {{ month_start('night.report_date') }}
),

offers as (
    select customer_id, count(*) as family_count, sum(coalesce(expected_margin_amount, expected_revenue_amount)) as amount
    from {{ ref('white_space') }}
    group by 1
)

select
    master.customer_id,
    master.name,
    night.report_date,
    master.account_owner_id,
    master.industry_code,
    master.size_class,
    customers.state,
    customers.is_active,
    customers.value_basis,
    customers.value_amount,
    positions.value_year_before_amount,
    cast(customers.value_amount - positions.value_year_before_amount as decimal(18, 4)) as value_change_amount,
    customers.trailing_net_revenue_amount,
    {%- for amount in ['gross_margin', 'cost_to_serve', 'risk_cost'] %}
    cast(coalesce(positions.{{ amount }}_amount, 0) as decimal(18, 4)) as {{ amount }}_amount,
    {%- endfor %}
    coalesce(base.value_tier, 'not active') as value_tier,
    coalesce(base.debtor_risk_class, 'not active') as debtor_risk_class,
    coalesce(base.debtor_risk_reason, 'not active') as debtor_risk_reason,
    cast(coalesce(positions.receivables_amount, 0) as decimal(18, 4)) as receivables_amount,
    cast(coalesce(positions.overdue_amount, 0) as decimal(18, 4)) as overdue_amount,
    coalesce(positions.dispute_count, 0) as open_dispute_count,
    cast(coalesce(positions.dispute_gross_amount, 0) as decimal(18, 4)) as open_dispute_gross_amount,
    balance.satisfaction_score,
    balance.value_of_score,
    balance.value_for_score,
    balance.corner,
    strengths.strength_score,
    lifetime.lifetime_value_amount,
    lifetime.alive_share,
    coalesce(offers.family_count, 0) as white_space_count,
    cast(coalesce(offers.amount, 0) as decimal(18, 4)) as white_space_amount
from customers
cross join night
inner join {{ ref('dim_customers') }} as master on customers.customer_id = master.customer_id
left join positions on customers.customer_id = positions.customer_id
left join base on customers.customer_id = base.customer_id
left join strengths on customers.customer_id = strengths.customer_id
left join offers on customers.customer_id = offers.customer_id
left join {{ ref('customer_value_balance') }} as balance on customers.customer_id = balance.customer_id
left join {{ ref('customer_lifetime_value') }} as lifetime on customers.customer_id = lifetime.customer_id
