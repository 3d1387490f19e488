-- The year's retention as the last twelve months of losses foretell it, and the years of margin that it makes a customer worth.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

dynamics as (
    select
        month_start_date,
        sum(opening_count) over (order by month_start_date rows between 11 preceding and current row) as opening_count,
        sum(churned_count) over (order by month_start_date rows between 11 preceding and current row) as churned_count
    from {{ ref('customer_dynamics_monthly') }}
),

retained as (
    select
        dynamics.month_start_date,
        parameters.carrying_cost_share as discount_share,
        case
            when dynamics.opening_count > 0 then cast(round(
                power(1 - cast(dynamics.churned_count as double) / cast(dynamics.opening_count as double), 12), 6
            ) as decimal(9, 6))
        end as retention_share
    from dynamics
    cross join parameters
)

select
    month_start_date,
    retention_share,
    discount_share,
    {{ lifetime_multiple('retention_share', 'discount_share') }} as lifetime_multiple
from retained
where retention_share is not null
