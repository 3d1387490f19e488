-- Customers by the month of their first purchase, and what became of them. Costs before the first purchase are acquisition.
with customers as (
    select * from {{ ref('int_customer_trailing_monthly') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

states as (
    select
        customer_id,
        min(month_start_date) as cohort_month,
        max(case when is_left_censored then 1 else 0 end) = 1 as is_left_censored
    from {{ ref('customer_months') }}
    group by 1
),

aged as (
    select
        states.cohort_month,
        customers.month_start_date,
        months.is_complete,
        count(*) as customer_count,
        count(case when states.is_left_censored then 1 end) as left_censored_count,
        count(case when customers.is_active then 1 end) as active_count,
        {{ money_sum('customers.net_revenue_amount') }} as net_revenue_amount,
        max(customers.value_basis) as value_basis,
        {{ money_sum('customers.result_amount') }} as result_amount,
        {{ money_sum('customers.month_uncosted_amount') }} as uncosted_amount
    from customers
    inner join states on customers.customer_id = states.customer_id
    inner join months on customers.month_start_date = months.month_start_date
    group by 1, 2, 3
)

select
    cohort_month,
    month_start_date,
    cast(row_number() over (partition by cohort_month order by month_start_date) - 1 as integer) as age_months,
    is_complete,
    customer_count,
    left_censored_count,
    active_count,
    {{ safe_share('active_count', 'customer_count') }} as active_share,
    net_revenue_amount,
    {{ safe_share('net_revenue_amount', 'first_value(net_revenue_amount) over (partition by cohort_month order by month_start_date)') }}
        as revenue_of_first_month_share,
    case when value_basis = 'result' then result_amount end as result_amount,
    case
        when value_basis = 'result' then cast(sum(result_amount) over (
            partition by cohort_month order by month_start_date rows between unbounded preceding and current row
        ) as decimal(18, 4))
    end as cumulative_result_amount,
    {{ safe_share('uncosted_amount', 'net_revenue_amount') }} as uncosted_share
from aged
