-- closing = opening + new + reactivated - churned, in customers; and the same in euros of revenue against the month before. From the
-- first month with a customer or revenue on: before it nothing is known, which is not nothing.
with months as (
    select * from {{ ref('dim_months') }}
),

customer_months as (
    select * from {{ ref('customer_months') }}
),

revenue as (
    select
        month_start_date,
        sum(net_revenue_amount) as net_revenue_amount
    from {{ ref('revenue_monthly') }}
    group by 1
),

counted as (
    select
        month_start_date,
        count(case when was_active then 1 end) as opening_count,
        count(case when state = 'new' then 1 end) as new_count,
        count(case when state = 'new' and is_left_censored then 1 end) as left_censored_new_count,
        count(case when state = 'reactivated' then 1 end) as reactivated_count,
        count(case when state = 'retained' then 1 end) as retained_count,
        count(case when state = 'churned' then 1 end) as churned_count,
        count(case when state = 'churned' and is_provisional then 1 end) as provisional_churned_count,
        count(case when state = 'dormant' then 1 end) as dormant_count,
        count(case when is_active then 1 end) as closing_count,
        sum(case when state = 'new' then revenue_change_amount else 0 end) as new_amount,
        sum(case when state = 'reactivated' then revenue_change_amount else 0 end) as reactivated_amount,
        sum(case when state = 'retained' then greatest(revenue_change_amount, 0) else 0 end) as expansion_amount,
        sum(case when state = 'retained' then least(revenue_change_amount, 0) else 0 end) as contraction_amount,
        sum(case when state in ('churned', 'dormant') then revenue_change_amount else 0 end) as churned_amount,
        sum(revenue_change_amount) as explained_amount
    from customer_months
    group by 1
),

first_month as (
    select min(month_start_date) as first_month_start_date
    from (select month_start_date from counted union all select month_start_date from revenue) as seen
),

balances as (
    select
        months.month_start_date,
        months.is_complete,
        coalesce(revenue.net_revenue_amount, 0) as net_revenue_amount,
        coalesce(lag(revenue.net_revenue_amount) over (order by months.month_start_date), 0) as previous_net_revenue_amount
    from months
    inner join first_month on months.month_start_date >= first_month.first_month_start_date
    left join revenue on months.month_start_date = revenue.month_start_date
)

select
    balances.month_start_date,
    balances.is_complete,
    coalesce(counted.opening_count, 0) as opening_count,
    coalesce(counted.new_count, 0) as new_count,
    coalesce(counted.left_censored_new_count, 0) as left_censored_new_count,
    coalesce(counted.reactivated_count, 0) as reactivated_count,
    coalesce(counted.retained_count, 0) as retained_count,
    coalesce(counted.churned_count, 0) as churned_count,
    coalesce(counted.provisional_churned_count, 0) as provisional_churned_count,
    coalesce(counted.dormant_count, 0) as dormant_count,
    coalesce(counted.closing_count, 0) as closing_count,
    cast(balances.previous_net_revenue_amount as decimal(18, 4)) as opening_revenue_amount,
    cast(coalesce(counted.new_amount, 0) as decimal(18, 4)) as new_revenue_amount,
    cast(coalesce(counted.reactivated_amount, 0) as decimal(18, 4)) as reactivated_revenue_amount,
    cast(coalesce(counted.expansion_amount, 0) as decimal(18, 4)) as expansion_amount,
    cast(coalesce(counted.contraction_amount, 0) as decimal(18, 4)) as contraction_amount,
    cast(coalesce(counted.churned_amount, 0) as decimal(18, 4)) as churned_revenue_amount,
    cast(
        balances.net_revenue_amount - balances.previous_net_revenue_amount - coalesce(counted.explained_amount, 0) as decimal(18, 4)
    ) as stateless_change_amount,
    cast(balances.net_revenue_amount as decimal(18, 4)) as closing_revenue_amount
from balances
left join counted on balances.month_start_date = counted.month_start_date
