-- The reasons of a month sum to its lost customers and to what they were worth; what CRM does not name is unknown.
with losses as (
    select * from {{ ref('int_customer_losses') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

reasons as (
    select
        month_start_date,
        churn_reason,
        count(*) as churned_count,
        count(case when is_provisional then 1 end) as provisional_churned_count,
        {{ money_sum('lost_value_amount') }} as lost_value_amount
    from losses
    group by 1, 2
)

select
    reasons.month_start_date,
    months.is_complete,
    reasons.churn_reason,
    reasons.churned_count,
    {{ safe_share('reasons.churned_count', 'sum(reasons.churned_count) over (partition by reasons.month_start_date)') }} as churned_share,
    reasons.provisional_churned_count,
    reasons.lost_value_amount
from reasons
inner join months on reasons.month_start_date = months.month_start_date
