-- What a customer is worth by the months since its last purchase (Pfeifer and Carraway 2000, a Markov chain on recency): what its month brings,
-- then with the chance of a purchase the value of one that has just bought, else that of one month more; nothing beyond the last number of months
-- that is known. With A and B the sums over all months to come, V(r) = a(r) + b(r) V(1) and V(1) = a(1) / (1 - b(1)).
with parameters as (
    select power(1 + cast(carrying_cost_share as double), -1.0 / 12) as month_factor from {{ ref('stg_company__parameters') }}
),

chances as (
    select * from {{ ref('int_recency_chances') }}
),

lasting as (
    select
        chances.*,
        parameters.month_factor,
        cast(chances.purchase_share as double) as chance,
        coalesce(product(1 - cast(chances.purchase_share as double)) over (
            order by chances.recency_months rows between unbounded preceding and 1 preceding
        ), 1) as lasting_share
    from chances
    cross join parameters
),

summed as (
    select
        *,
        sum(cast(period_amount as double) * power(month_factor, recency_months) * lasting_share) over (
            order by recency_months rows between current row and unbounded following
        ) / nullif(power(month_factor, recency_months) * lasting_share, 0) as own_value,
        sum(chance * power(month_factor, recency_months + 1) * lasting_share) over (
            order by recency_months rows between current row and unbounded following
        ) / nullif(power(month_factor, recency_months) * lasting_share, 0) as return_factor
    from lasting
),

first_month as (
    select own_value / nullif(1 - return_factor, 0) as value_amount from summed where recency_months = 1
)

select
    summed.recency_months,
    summed.customer_month_count,
    summed.customer_count,
    summed.purchase_share,
    summed.period_amount,
    cast(round(summed.own_value + summed.return_factor * first_month.value_amount, 2) as decimal(18, 4)) as recency_value_amount
from summed
cross join first_month
