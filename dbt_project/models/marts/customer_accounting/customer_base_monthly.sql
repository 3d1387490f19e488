-- Quintiles give equal values the same number: 1 + floor(5 x customers below / customers), 5 is best.
with customers as (
    select * from {{ ref('int_customer_trailing_monthly') }} where is_active
),

months as (
    select * from {{ ref('dim_months') }}
),

master as (
    select * from {{ ref('dim_customers') }}
),

results as (
    select * from {{ ref('customer_result_monthly') }}
),

tiers as (
    select * from {{ ref('int_customer_tiers_monthly') }}
),

risks as (
    select * from {{ ref('int_customer_risks_monthly') }}
),

ranked as (
    select
        customers.*,
        months.is_complete,
        {{ days_between('customers.latest_purchase_date', 'months.month_end_date') }} as recency_days,
        count(*) over (partition by customers.month_start_date) as active_count,
        rank() over (partition by customers.month_start_date order by customers.latest_purchase_date nulls first) - 1 as less_recent_count,
        rank() over (partition by customers.month_start_date order by customers.trailing_purchase_count) - 1 as less_frequent_count,
        rank() over (partition by customers.month_start_date order by customers.trailing_net_revenue_amount) - 1 as smaller_count
    from customers
    inner join months on customers.month_start_date = months.month_start_date
)

select
    ranked.customer_id,
    ranked.month_start_date,
    ranked.is_complete,
    coalesce(results.size_class, master.size_class) as size_class,
    coalesce(results.industry_code, master.industry_code) as industry_code,
    ranked.value_basis,
    ranked.value_amount,
    ranked.trailing_net_revenue_amount,
    {{ safe_share('ranked.uncosted_amount', 'ranked.trailing_net_revenue_amount') }} as uncosted_share,
    tiers.value_tier,
    coalesce(risks.debtor_risk_class, 'unknown') as debtor_risk_class,
    coalesce(risks.risk_reason, 'nothing known') as debtor_risk_reason,
    tiers.value_tier || ' ' || coalesce(risks.debtor_risk_class, 'unknown') as grid_cell,
    tiers.value_tier = 'A' and coalesce(risks.debtor_risk_class, 'unknown') = 'high' as is_valuable_at_high_risk,
    cast(ranked.recency_days as integer) as recency_days,
    ranked.trailing_purchase_count,
    {%- for column, below in [('recency', 'less_recent_count'), ('frequency', 'less_frequent_count'), ('monetary', 'smaller_count')] %}
    cast(1 + floor(5 * ranked.{{ below }} / cast(ranked.active_count as double)) as integer) as {{ column }}_quintile{{ ',' if not loop.last }}
    {%- endfor %}
from ranked
inner join master on ranked.customer_id = master.customer_id
inner join tiers on ranked.customer_id = tiers.customer_id and ranked.month_start_date = tiers.month_start_date
left join results on ranked.customer_id = results.customer_id and ranked.month_start_date = results.month_start_date
left join risks on ranked.customer_id = risks.customer_id and ranked.month_start_date = risks.month_start_date
