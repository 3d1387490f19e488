-- Costs that follow from a customer's own figures instead of from a pool. The probability of default is one of a year: a
-- month bears a twelfth of it. What the insurance covers of the balance at month end is no loss.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

customers as (
    select * from {{ ref('dim_customers') }} where not is_unknown
),

receivable_days as (
    select * from {{ ref('int_receivable_days_monthly') }}
),

probabilities as (
    select * from {{ ref('int_default_probabilities_monthly') }}
),

insured as (
    select * from {{ ref('int_insured_revenue_monthly') }}
),

losses as (
    select
        receivable_days.customer_id,
        receivable_days.month_start_date,
        probabilities.default_probability_share,
        receivable_days.closing_amount
        - coalesce(insured.coverage_share, 0) * least(receivable_days.closing_amount, coalesce(insured.insured_limit_amount, 0))
            as uninsured_amount
    from receivable_days
    inner join probabilities
        on receivable_days.customer_id = probabilities.customer_id and receivable_days.month_start_date = probabilities.month_start_date
    left join insured
        on receivable_days.customer_id = insured.customer_id and receivable_days.month_start_date = insured.month_start_date
    where receivable_days.closing_amount > 0
),

costs as (
    select
        'credit_report' as cost_family,
        {{ month_start('assessed_date') }} as cost_month,
        customer_id,
        sum(report_cost_amount) as amount
    from {{ ref('fct_credit_assessments') }}
    where report_cost_amount is not null
    group by 1, 2, 3
    union all
    select 'insurance_premium', month_start_date, customer_id, premium_amount from insured
    union all
    -- What a bank kept of a payment, or charged for one that it took back.
    select 'bank_charge', {{ month_start('event_date') }}, customer_id, -sum(amount)
    from {{ ref('fct_receivable_events') }}
    where event_type = 'bank_charged' and not is_held_out
    group by 1, 2, 3
    union all
    select
        'carrying_cost',
        receivable_days.month_start_date,
        receivable_days.customer_id,
        {{ rounded_ratio(['cast(receivable_days.amount_days as decimal(38, 4))', 'parameters.carrying_cost_share'], '365') }}
    from receivable_days
    cross join parameters
    union all
    select
        'expected_loss',
        month_start_date,
        customer_id,
        {{ rounded_ratio(['cast(uninsured_amount as decimal(38, 8))', 'default_probability_share'], '12') }}
    from losses
)

select
    costs.cost_family,
    costs.cost_month,
    customers.customer_id,
    cast(sum(costs.amount) as decimal(18, 4)) as amount
from costs
left join customers on costs.customer_id = customers.customer_id
group by 1, 2, 3
having sum(costs.amount) <> 0
