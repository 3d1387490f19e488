-- The year's retention as the last twelve months of losses foretell it, and the years of margin that it makes a customer worth. Only months
-- in which a loss could be seen count, and only where the twelve months of value are known: without a loss retention would be 1.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

observed as (
    select * from {{ ref('int_base_observed_monthly') }}
),

dynamics as (
    select
        dynamics.month_start_date,
        observed.are_trailing_known,
        sum(case when observed.are_losses_known then dynamics.opening_count else 0 end) over (
            order by dynamics.month_start_date rows between 11 preceding and current row
        ) as opening_count,
        sum(case when observed.are_losses_known then dynamics.churned_count else 0 end) over (
            order by dynamics.month_start_date rows between 11 preceding and current row
        ) as churned_count
    from {{ ref('customer_dynamics_monthly') }} as dynamics
    inner join observed on dynamics.month_start_date = observed.month_start_date
),

retained as (
    select
        dynamics.month_start_date,
        dynamics.opening_count,
        dynamics.churned_count,
        parameters.carrying_cost_share as discount_share,
        case
            when dynamics.are_trailing_known and dynamics.opening_count >= parameters.churn_minimum_customer_months and dynamics.opening_count > 0
                then cast(round(
                    power(1 - cast(dynamics.churned_count as double) / cast(dynamics.opening_count as double), 12), 6
                ) as decimal(9, 6))
        end as retention_share
    from dynamics
    cross join parameters
)

select
    month_start_date,
    cast(opening_count as bigint) as customer_month_count,
    retention_share,
    discount_share,
    {{ lifetime_multiple('retention_share', 'discount_share') }} as lifetime_multiple
from retained
