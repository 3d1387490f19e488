-- One retention: of what the customers of a year before brought in the twelve months until then, the part of those that are still active, over the
-- last twelve month ends that are known: at a single one a large customer that pauses halves the multiple. Beside it how many of them are,
-- and what the losses of twelve single months foretell, which forgets who comes back. Only where both years were observed, and of
-- enough customers: without a loss retention would be 1.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

observed as (
    select * from {{ ref('int_base_observed_monthly') }}
),

customers as (
    select
        customer_id,
        month_start_date,
        is_active,
        has_recent_loss,
        lag(is_active, 12) over (partition by customer_id order by month_start_date) as was_active,
        lag(value_amount, 12) over (partition by customer_id order by month_start_date) as opening_value_amount
    from {{ ref('int_customer_trailing_monthly') }}
),

kept as (
    select
        month_start_date,
        count(*) as opening_count,
        count(case when is_active then 1 end) as kept_count,
        count(case when not is_active and has_recent_loss then 1 end) as provisional_churned_count,
        sum(greatest(opening_value_amount, 0)) as opening_value_amount,
        sum(case when is_active then greatest(opening_value_amount, 0) else 0 end) as kept_value_amount
    from customers
    where was_active
    group by 1
),

dynamics as (
    select
        month_start_date,
        sum(opening_count) over (order by month_start_date rows between 11 preceding and current row) as opening_count,
        sum(churned_count) over (order by month_start_date rows between 11 preceding and current row) as churned_count
    from {{ ref('customer_dynamics_monthly') }}
),

counted as (
    select
        observed.month_start_date,
        observed.are_compared_known and coalesce(kept.opening_count, 0) * 12 >= parameters.churn_minimum_customer_months as is_known,
        coalesce(kept.opening_count, 0) as opening_count,
        coalesce(kept.provisional_churned_count, 0) as provisional_churned_count,
        kept.kept_count,
        kept.opening_value_amount,
        kept.kept_value_amount,
        dynamics.opening_count as single_opening_count,
        dynamics.churned_count as single_churned_count,
        parameters.carrying_cost_share as discount_share
    from observed
    cross join parameters
    left join kept on observed.month_start_date = kept.month_start_date
    left join dynamics on observed.month_start_date = dynamics.month_start_date
),

pooled as (
    select
        *,
        {%- for sum in ['opening_count', 'kept_count', 'opening_value_amount', 'kept_value_amount'] %}
        sum(case when is_known then {{ sum }} end) over (order by month_start_date rows between 11 preceding and current row) as pooled_{{ sum }}{{ ',' if not loop.last }}
        {%- endfor %}
    from counted
),

retained as (
    select
        month_start_date,
        opening_count,
        provisional_churned_count,
        discount_share,
        case when is_known and pooled_opening_value_amount > 0 then {{ safe_share('pooled_kept_value_amount', 'pooled_opening_value_amount') }} end as retention_share,
        case when is_known then {{ safe_share('pooled_kept_count', 'pooled_opening_count') }} end as logo_retention_share,
        case
            when is_known and single_opening_count > 0
                then cast(round(power(1 - cast(single_churned_count as double) / cast(single_opening_count as double), 12), 6) as decimal(38, 6))
        end as single_months_retention_share
    from pooled
)

select
    month_start_date,
    cast(opening_count * 12 as bigint) as customer_month_count,
    cast(provisional_churned_count as bigint) as provisional_churned_count,
    discount_share,
    {%- for retention in ['retention', 'logo_retention', 'single_months_retention'] %}
    {{ retention }}_share,
    {{ lifetime_multiple(retention ~ '_share', 'discount_share') }} as {{ retention | replace('retention', '') }}lifetime_multiple{{ ',' if not loop.last }}
    {%- endfor %}
from retained
