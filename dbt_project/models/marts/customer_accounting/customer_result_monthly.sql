-- Known customers only; what nobody known caused is in segment_result_monthly as unassigned. The segment is that of the
-- month's revenue as it was issued, the larger one where there are two; without revenue that of the customer master.
with customers as (
    select * from {{ ref('dim_customers') }} where not is_unknown
),

revenue_by_segment as (
    select
        customer_id,
        month_start_date,
        size_class,
        industry_code,
        sum(sum(net_revenue_amount)) over (partition by customer_id, month_start_date) as net_revenue_amount,
        row_number() over (
            partition by customer_id, month_start_date order by sum(net_revenue_amount) desc, size_class, industry_code
        ) as segment_rank
    from {{ ref('revenue_monthly') }}
    group by 1, 2, 3, 4
),

revenue as (
    select * from revenue_by_segment where segment_rank = 1
),

costs as (
    select
        customer_id,
        cost_month as month_start_date,
        sum(case when cost_source = 'pool' then cost_amount else 0 end) as cost_to_serve_amount,
        sum(case when cost_source = 'sales_line' then cost_amount else 0 end) as cost_line_amount,
        {%- for family in ['carrying_cost', 'expected_loss', 'insurance_premium', 'credit_report', 'bank_charge'] %}
        sum(case when cost_source = 'direct' and cost_family = '{{ family }}' then cost_amount else 0 end) as {{ family }}_amount{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('customer_costs_monthly') }}
    where assignment = 'customer'
    group by 1, 2
),

lines as (
    select
        customer_id,
        month_start_date,
        sum(cost_of_goods_amount) as cost_of_goods_amount,
        sum(uncosted_amount) as uncosted_amount,
        sum(uncosted_line_count) as uncosted_line_count
    from {{ ref('int_line_costs_monthly') }}
    where customer_id is not null
    group by 1, 2
),

customer_month_keys as (
    {%- for source in ['revenue', 'costs', 'lines'] %}
    select customer_id, month_start_date from {{ source }}{{ ' union' if not loop.last }}
    {%- endfor %}
),

results as (
    select
        customer_month_keys.customer_id,
        customer_month_keys.month_start_date,
        coalesce(revenue.size_class, customers.size_class) as size_class,
        coalesce(revenue.industry_code, customers.industry_code) as industry_code,
        cast(coalesce(revenue.net_revenue_amount, 0) as decimal(18, 4)) as net_revenue_amount,
        {%- for cost in ['cost_line', 'cost_to_serve', 'carrying_cost', 'expected_loss', 'insurance_premium', 'credit_report', 'bank_charge'] %}
        cast(coalesce(costs.{{ cost }}_amount, 0) as decimal(18, 4)) as {{ cost }}_amount,
        {%- endfor %}
        cast(coalesce(lines.cost_of_goods_amount, 0) as decimal(18, 4)) as cost_of_goods_amount,
        cast(coalesce(lines.uncosted_amount, 0) as decimal(18, 4)) as uncosted_amount,
        case
            when lines.uncosted_line_count > 0 then lines.uncosted_line_count || ' lines without a known unit cost'
            when lines.customer_id is null and revenue.net_revenue_amount <> 0 then 'no invoice lines delivered'
        end as result_reason
    from customer_month_keys
    inner join customers on customer_month_keys.customer_id = customers.customer_id
    left join revenue
        on customer_month_keys.customer_id = revenue.customer_id and customer_month_keys.month_start_date = revenue.month_start_date
    left join costs on customer_month_keys.customer_id = costs.customer_id and customer_month_keys.month_start_date = costs.month_start_date
    left join lines on customer_month_keys.customer_id = lines.customer_id and customer_month_keys.month_start_date = lines.month_start_date
)

{%- set costs_without_goods = 'cost_to_serve_amount - carrying_cost_amount - expected_loss_amount - insurance_premium_amount - credit_report_amount - bank_charge_amount' %}

select
    customer_id,
    month_start_date,
    size_class,
    industry_code,
    net_revenue_amount,
    cast(net_revenue_amount + cost_line_amount as decimal(18, 4)) as goods_revenue_amount,
    cost_line_amount,
    cost_of_goods_amount,
    uncosted_amount,
    cost_to_serve_amount,
    carrying_cost_amount,
    expected_loss_amount,
    insurance_premium_amount,
    credit_report_amount,
    bank_charge_amount,
    cast(net_revenue_amount - {{ costs_without_goods }} as decimal(18, 4)) as result_before_goods_amount,
    case
        when result_reason is null then cast(net_revenue_amount - cost_of_goods_amount - {{ costs_without_goods }} as decimal(18, 4))
    end as result_amount,
    result_reason
from results
