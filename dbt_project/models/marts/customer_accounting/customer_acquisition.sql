-- Payback is the first month since the first purchase in which the cumulative result reaches the cost. Result before acquisition.
-- What brought nobody has a row too: its cost is a cost.
with members as (
    select * from {{ ref('int_acquisition_members') }}
),

costs as (
    select * from {{ ref('int_acquisition_costs') }}
),

customers as (
    select * from {{ ref('int_customer_trailing_monthly') }}
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

counted as (
    select
        scope_type,
        scope_id,
        count(*) as customer_count
    from members
    group by 1, 2
),

scopes as (
    select
        coalesce(costs.scope_type, counted.scope_type) as scope_type,
        coalesce(costs.scope_id, counted.scope_id) as scope_id,
        coalesce(counted.customer_count, 0) as customer_count,
        costs.cost_amount
    from costs
    full outer join counted on costs.scope_type = counted.scope_type and costs.scope_id = counted.scope_id
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
    case when scopes.customer_count > 0 then {{ rounded_ratio('cast(scopes.cost_amount as decimal(38, 4))', 'scopes.customer_count') }} end
        as cost_per_customer_amount,
    case when paid.value_basis = 'result' then cast(paid.result_amount as decimal(18, 4)) end as result_amount,
    case when paid.value_basis = 'result' then {{ safe_share('paid.result_amount', 'scopes.cost_amount') }} end as return_share,
    case when paid.value_basis = 'result' then cast(paid.payback_months as integer) end as payback_months,
    case
        when scopes.customer_count = 0 then 'no_new_customer'
        when scopes.cost_amount is null then 'no_acquisition_cost'
        when paid.value_basis <> 'result' then 'no_unit_cost'
        when paid.payback_months is null then 'not_paid_back'
    end as payback_reason
from scopes
left join paid on scopes.scope_type = paid.scope_type and scopes.scope_id = paid.scope_id
