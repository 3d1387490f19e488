-- Churn and reactivation are tested before amounts are compared: a state follows from activity alone.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

month_ends as (
    select * from {{ ref('int_customer_month_ends') }} where basis = 'kept'
),

revenue as (
    select
        customer_id,
        month_start_date,
        sum(net_revenue_amount) as net_revenue_amount
    from {{ ref('revenue_monthly') }}
    group by 1, 2
),

first_data as (
    select min(issued_date) as first_date from {{ ref('fct_invoices') }}
),

amounts as (
    select
        month_ends.*,
        coalesce(revenue.net_revenue_amount, 0) as net_revenue_amount,
        coalesce(
            lag(coalesce(revenue.net_revenue_amount, 0)) over (
                partition by month_ends.customer_id order by month_ends.month_start_date
            ),
            0
        ) as previous_net_revenue_amount
    from month_ends
    left join revenue on month_ends.customer_id = revenue.customer_id and month_ends.month_start_date = revenue.month_start_date
)

select
    amounts.customer_id,
    amounts.month_start_date,
    {{ customer_state('amounts') }} as state,
    amounts.was_active,
    amounts.is_active,
    amounts.churned_date,
    coalesce({{ days_between('amounts.churned_date', 'night.report_date') }} < parameters.churn_floor_days, false) as is_provisional,
    amounts.first_purchase_date < first_data.first_date + parameters.churn_floor_days as is_left_censored,
    cast(amounts.net_revenue_amount as decimal(18, 4)) as net_revenue_amount,
    cast(amounts.net_revenue_amount - amounts.previous_net_revenue_amount as decimal(18, 4)) as revenue_change_amount
from amounts
cross join night
cross join parameters
cross join first_data
