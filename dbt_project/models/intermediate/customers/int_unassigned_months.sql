-- Revenue of nobody known, and costs that no customer caused: what stands between the customers and the company.
with customers as (
    select * from {{ ref('int_customer_segment_months') }} where segment_type = 'company'
),

revenue as (
    select
        month_start_date,
        sum(net_revenue_amount) as net_revenue_amount
    from {{ ref('revenue_monthly') }}
    group by 1
),

costs as (
    select
        cost_month as month_start_date,
        sum(case when cost_source = 'sales_line' then cost_amount else 0 end) as cost_line_amount,
        sum(case when cost_source = 'direct' then cost_amount else 0 end) as direct_cost_amount,
        {%- for assignment in ['unassigned', 'idle', 'company', 'segment'] %}
        sum(case when cost_source = 'pool' and assignment = '{{ assignment }}' then cost_amount else 0 end) as {{ assignment }}_pool_amount{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('customer_costs_monthly') }}
    where assignment <> 'customer'
    group by 1
),

lines as (
    select
        month_start_date,
        sum(cost_of_goods_amount) as cost_of_goods_amount,
        sum(uncosted_amount) as uncosted_amount
    from {{ ref('int_line_costs_monthly') }}
    where customer_id is null
    group by 1
),

months as (
    select month_start_date from revenue
    union
    select month_start_date from costs
),

joined as (
    select
        months.month_start_date,
        coalesce(revenue.net_revenue_amount, 0) - coalesce(customers.net_revenue_amount, 0) as net_revenue_amount,
        coalesce(costs.cost_line_amount, 0) as cost_line_amount,
        coalesce(lines.cost_of_goods_amount, 0) as cost_of_goods_amount,
        coalesce(lines.uncosted_amount, 0) as uncosted_amount,
        coalesce(costs.direct_cost_amount, 0) as direct_cost_amount,
        coalesce(costs.unassigned_pool_amount, 0) as unassigned_pool_amount,
        coalesce(costs.idle_pool_amount, 0) as idle_pool_amount,
        coalesce(costs.company_pool_amount, 0) as company_pool_amount,
        coalesce(costs.segment_pool_amount, 0) as segment_pool_amount,
        lines.month_start_date is null as has_no_lines
    from months
    left join revenue on months.month_start_date = revenue.month_start_date
    left join customers on months.month_start_date = customers.month_start_date
    left join costs on months.month_start_date = costs.month_start_date
    left join lines on months.month_start_date = lines.month_start_date
)

select
    *,
    case when has_no_lines then net_revenue_amount else uncosted_amount end as uncounted_amount
from joined
