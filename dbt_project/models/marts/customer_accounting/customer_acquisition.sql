-- Payback is the first month since the first purchase in which the cumulative result reaches the cost, which is one and the same in every cut.
-- Result before acquisition, of months whose pooled costs are known: a month without them would pay back too soon. What brought nobody has
-- a row too: its cost is a cost.
with members as (
    select * from {{ ref('int_acquisition_members') }}
),

scopes as (
    select * from {{ ref('int_acquisition_shared') }}
),

costs as (
    select * from {{ ref('customer_costs_monthly') }} where cost_source = 'pool'
),

sales as (
    select
        members.scope_type,
        members.scope_id,
        sum(costs.cost_amount) as sales_cost_amount
    from costs
    inner join members on costs.customer_id = members.customer_id and costs.cost_month <= members.cohort_month
    where costs.cost_family = 'sales'
    group by 1, 2
),

customers as (
    select * from {{ ref('int_customer_trailing_monthly') }}
    where month_start_date <= coalesce((select max(cost_month) from costs), month_start_date)
),

aged as (
    select
        members.scope_type,
        members.scope_id,
        (year(customers.month_start_date) - year(members.cohort_month)) * 12
        + month(customers.month_start_date) - month(members.cohort_month) + 1 as age_months,
        sum(coalesce(customers.result_amount, 0)) as result_amount,
        max(customers.value_basis) as value_basis
    from members
    inner join customers on members.customer_id = customers.customer_id
    group by 1, 2, 3
),

running as (
    select
        *,
        sum(result_amount) over (
            partition by scope_type, scope_id order by age_months rows between unbounded preceding and current row
        ) as cumulative_amount
    from aged
),

paid as (
    select
        running.scope_type,
        running.scope_id,
        max(running.value_basis) as value_basis,
        sum(running.result_amount) as result_amount,
        min(case when running.cumulative_amount >= scopes.cost_amount then running.age_months end) as payback_months
    from running
    inner join scopes on running.scope_type = scopes.scope_type and running.scope_id = scopes.scope_id
    group by 1, 2
)

select
    scopes.scope_type,
    scopes.scope_id,
    scopes.customer_count,
    cast(scopes.cost_amount as decimal(18, 4)) as acquisition_cost_amount,
    cast(scopes.attributed_amount as decimal(18, 4)) as attributed_cost_amount,
    cast(coalesce(sales.sales_cost_amount, 0) as decimal(18, 4)) as sales_cost_amount,
    case when scopes.customer_count > 0 then {{ rounded_ratio('cast(scopes.cost_amount as decimal(38, 4))', 'scopes.customer_count') }} end
        as cost_per_customer_amount,
    case when paid.value_basis = 'result' then cast(paid.result_amount as decimal(18, 4)) end as result_amount,
    case when paid.value_basis = 'result' then {{ safe_share('paid.result_amount', '(scopes.cost_amount + coalesce(sales.sales_cost_amount, 0))') }} end
        as return_share,
    case when paid.value_basis = 'result' then cast(paid.payback_months as integer) end as payback_months,
    case
        when scopes.customer_count = 0 then 'no_new_customer'
        when scopes.cost_amount is null then 'no_acquisition_cost'
        when paid.value_basis <> 'result' then 'no_unit_cost'
        when paid.payback_months is null then 'not_paid_back'
    end as payback_reason
from scopes
left join paid on scopes.scope_type = paid.scope_type and scopes.scope_id = paid.scope_id
left join sales on scopes.scope_type = sales.scope_type and scopes.scope_id = sales.scope_id
