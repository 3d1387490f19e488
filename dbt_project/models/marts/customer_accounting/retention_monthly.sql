-- Over one month, and over twelve: who was active at the opening, and what those customers brought before and after it. Gross
-- retention caps each customer at its opening; a customer that is lost counts with what it still brought. Shares are there from the month
-- on whose windows lie within what was observed: losses after the shortest gap, both years of a comparison of twelve months.
with months as (
    select * from {{ ref('dim_months') }}
),

customers as (
    select * from {{ ref('int_customer_trailing_monthly') }}
),

{%- set windows = [(1, 'net_revenue_amount', 'result_amount'), (12, 'trailing_net_revenue_amount', 'trailing_result_amount')] %}
paired as (
    {%- for window_months, revenue, result in windows %}
    select
        {{ window_months }} as window_months,
        customer_id,
        month_start_date,
        value_basis,
        is_active,
        has_recent_loss,
        lag(is_active, {{ window_months }}) over (partition by customer_id order by month_start_date) as was_active,
        {{ revenue }} as closing_revenue_amount,
        lag({{ revenue }}, {{ window_months }}) over (partition by customer_id order by month_start_date) as opening_revenue_amount,
        lag(coalesce({{ result }}, 0), {{ window_months }}) over (partition by customer_id order by month_start_date) as opening_result_amount
    from customers
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

observed as (
    select * from {{ ref('int_base_observed_monthly') }}
),

summed as (
    select
        month_start_date,
        window_months,
        max(value_basis) as value_basis,
        count(*) as opening_count,
        count(case when not is_active then 1 end) as churned_count,
        count(case when not is_active and has_recent_loss then 1 end) as provisional_churned_count,
        {{ money_sum('greatest(opening_revenue_amount, 0)') }} as opening_revenue_amount,
        {{ money_sum(kept_revenue('closing_revenue_amount', 'opening_revenue_amount')) }} as kept_revenue_amount,
        {{ money_sum('greatest(closing_revenue_amount, 0)') }} as closing_revenue_amount,
        {{ money_sum('greatest(opening_result_amount, 0)') }} as opening_profit_amount,
        {{ money_sum('case when is_active then greatest(opening_result_amount, 0) end') }} as kept_profit_amount
    from paired
    where was_active
    group by 1, 2
),

known as (
    select
        summed.*,
        months.is_complete,
        coalesce(case summed.window_months when 1 then observed.are_losses_known else observed.are_compared_known end, false) as is_window_known
    from summed
    inner join months on summed.month_start_date = months.month_start_date
    left join observed on summed.month_start_date = observed.month_start_date
)

select
    month_start_date,
    cast(window_months as integer) as window_months,
    is_complete,
    is_window_known,
    opening_count,
    churned_count,
    provisional_churned_count,
    case when is_window_known then {{ safe_share('churned_count', 'opening_count') }} end as logo_churn_share,
    case
        when not is_window_known then null
        when window_months = 1 and opening_count > 0 then {{ annualised_churn_share('churned_count', 'opening_count') }}
        else {{ safe_share('churned_count', 'opening_count') }}
    end as annual_churn_share,
    opening_revenue_amount,
    kept_revenue_amount,
    closing_revenue_amount,
    case when is_window_known then {{ safe_share('kept_revenue_amount', 'opening_revenue_amount') }} end as gross_retention_share,
    case when is_window_known then {{ safe_share('closing_revenue_amount', 'opening_revenue_amount') }} end as net_retention_share,
    case when value_basis = 'result' then opening_profit_amount end as opening_profit_amount,
    case when value_basis = 'result' then kept_profit_amount end as kept_profit_amount,
    case
        when value_basis = 'result' and is_window_known then {{ safe_share('kept_profit_amount', 'opening_profit_amount') }}
    end as profit_weighted_retention_share
from known
