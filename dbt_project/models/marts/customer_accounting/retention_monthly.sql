-- Over one month, and over twelve: who was active at the opening, and what those customers brought before and after it. Gross
-- retention caps each customer at its opening; a customer that is lost counts with what it still brought.
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
)

select
    summed.month_start_date,
    cast(summed.window_months as integer) as window_months,
    months.is_complete,
    summed.opening_count,
    summed.churned_count,
    summed.provisional_churned_count,
    {{ safe_share('summed.churned_count', 'summed.opening_count') }} as logo_churn_share,
    case
        when summed.window_months = 1 and summed.opening_count > 0
            then {{ annualised_churn_share('summed.churned_count', 'summed.opening_count') }}
        else {{ safe_share('summed.churned_count', 'summed.opening_count') }}
    end as annual_churn_share,
    summed.opening_revenue_amount,
    summed.kept_revenue_amount,
    summed.closing_revenue_amount,
    {{ safe_share('summed.kept_revenue_amount', 'summed.opening_revenue_amount') }} as gross_retention_share,
    {{ safe_share('summed.closing_revenue_amount', 'summed.opening_revenue_amount') }} as net_retention_share,
    case when summed.value_basis = 'result' then summed.opening_profit_amount end as opening_profit_amount,
    case when summed.value_basis = 'result' then summed.kept_profit_amount end as kept_profit_amount,
    case
        when summed.value_basis = 'result' then {{ safe_share('summed.kept_profit_amount', 'summed.opening_profit_amount') }}
    end as profit_weighted_retention_share
from summed
inner join months on summed.month_start_date = months.month_start_date
