-- Customers by the months since their last purchase (1: they bought in the month itself): how many bought again in the next month, and what a
-- month brought. As far as thirty customer-months tell of each number of months; complete months only.
with customers as (
    select
        customers.customer_id,
        customers.month_start_date,
        date_diff('month', {{ month_start('customers.latest_purchase_date') }}, customers.month_start_date) + 1 as recency_months,
        case when customers.value_basis = 'result' then coalesce(customers.result_amount, 0) else customers.net_revenue_amount end as period_amount
    from {{ ref('int_customer_trailing_monthly') }} as customers
    inner join {{ ref('dim_months') }} as months on customers.month_start_date = months.month_start_date and months.is_complete
    where customers.latest_purchase_date is not null
),

followed as (
    select
        *,
        lead(recency_months) over (partition by customer_id order by month_start_date) as next_recency_months,
        month_start_date = max(month_start_date) over () as is_latest
    from customers
),

counted as (
    select
        recency_months,
        count(next_recency_months) as customer_month_count,
        count(case when next_recency_months = 1 then 1 end) as bought_count,
        count(case when is_latest then 1 end) as customer_count,
        cast(round(avg(cast(period_amount as double)), 4) as decimal(18, 4)) as period_amount
    from followed
    group by 1
),

told as (
    select
        *,
        min(case when customer_month_count < 30 then recency_months end) over () as unknown_from_months
    from counted
)

select
    cast(recency_months as integer) as recency_months,
    customer_month_count,
    bought_count,
    customer_count,
    {{ safe_share('bought_count', 'customer_month_count') }} as purchase_share,
    period_amount
from told
where recency_months < coalesce(unknown_from_months, 1000) and recency_months <= 36
