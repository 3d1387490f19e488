with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

spans as (
    select * from {{ ref('int_customer_activity_spans') }}
),

revenue as (
    select
        customer_id,
        month_start_date,
        sum(net_revenue_amount) as net_revenue_amount
    from {{ ref('revenue_monthly') }}
    group by 1, 2
),

first_purchases as (
    select
        customer_id,
        min(started_date) as first_purchase_date
    from spans
    group by 1
),

first_data as (
    select min(issued_date) as first_date from {{ ref('fct_invoices') }}
),

customer_month_ends as (
    select
        first_purchases.customer_id,
        first_purchases.first_purchase_date,
        months.month_start_date,
        months.month_end_date
    from first_purchases
    inner join months on first_purchases.first_purchase_date <= months.month_end_date
),

activity as (
    select
        customer_month_ends.*,
        spans.customer_id is not null as is_active,
        coalesce(
            lag(spans.customer_id is not null) over (
                partition by customer_month_ends.customer_id order by customer_month_ends.month_start_date
            ),
            false
        ) as was_active
    from customer_month_ends
    left join spans
        on
            customer_month_ends.customer_id = spans.customer_id
            and customer_month_ends.month_end_date >= spans.started_date
            and (spans.churned_date is null or customer_month_ends.month_end_date < spans.churned_date)
),

churns as (
    select
        customer_id,
        {{ month_start('churned_date') }} as month_start_date,
        max(churned_date) as churned_date
    from spans
    where churned_date is not null
    group by 1, 2
),

amounts as (
    select
        activity.*,
        churns.churned_date,
        coalesce(revenue.net_revenue_amount, 0) as net_revenue_amount,
        coalesce(
            lag(coalesce(revenue.net_revenue_amount, 0)) over (
                partition by activity.customer_id order by activity.month_start_date
            ),
            0
        ) as previous_net_revenue_amount
    from activity
    left join churns on activity.customer_id = churns.customer_id and activity.month_start_date = churns.month_start_date
    left join revenue on activity.customer_id = revenue.customer_id and activity.month_start_date = revenue.month_start_date
)

select
    amounts.customer_id,
    amounts.month_start_date,
    case
        when amounts.is_active and amounts.was_active then 'retained'
        when amounts.was_active then 'churned'
        when amounts.is_active and {{ month_start('amounts.first_purchase_date') }} = amounts.month_start_date then 'new'
        when amounts.is_active then 'reactivated'
        else 'dormant'
    end as state,
    amounts.was_active,
    amounts.is_active,
    case when amounts.was_active and not amounts.is_active then amounts.churned_date end as churned_date,
    amounts.was_active and not amounts.is_active
    and {{ days_between('amounts.churned_date', 'night.report_date') }} < parameters.churn_floor_days as is_provisional,
    amounts.first_purchase_date < first_data.first_date + parameters.churn_floor_days as is_left_censored,
    cast(amounts.net_revenue_amount as decimal(18, 4)) as net_revenue_amount,
    cast(amounts.net_revenue_amount - amounts.previous_net_revenue_amount as decimal(18, 4)) as revenue_change_amount
from amounts
cross join night
cross join parameters
cross join first_data
