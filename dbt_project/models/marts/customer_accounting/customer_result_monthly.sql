-- Known customers only; what nobody known caused is in segment_result_monthly as unassigned. The segment is that of the
-- month's revenue as it was issued, the larger one where there are two; without revenue that of the customer master. A line without a known
-- unit cost brings nothing, between the bounds; what was lost in fact stands beside the expected loss, in the month it was written off.
{%- set costs = ['cost_line', 'cost_to_serve', 'carrying_cost', 'expected_loss', 'insurance_premium', 'credit_report', 'bank_charge'] %}
with ranked as (
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
    select * from ranked where segment_rank = 1
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
    select * from {{ ref('int_customer_goods_monthly') }}
),

losses as (
    select
        customer_id,
        {{ month_start('loss_date') }} as month_start_date,
        sum(amount) as realised_loss_amount
    from {{ ref('int_losses_realised') }}
    group by 1, 2
),

customer_month_keys as (
    {%- for source in ['revenue', 'costs', 'lines', 'losses'] %}
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
        {%- for cost in costs %}
        cast(coalesce(costs.{{ cost }}_amount, 0) as decimal(18, 4)) as {{ cost }}_amount,
        {%- endfor %}
        {%- for goods in ['cost_of_goods', 'uncosted', 'uncosted_low', 'uncosted_high'] %}
        cast(coalesce(lines.{{ goods }}_amount, 0) as decimal(18, 4)) as {{ goods }}_amount,
        {%- endfor %}
        cast(coalesce(losses.realised_loss_amount, 0) as decimal(18, 4)) as realised_loss_amount,
        coalesce(lines.has_unit_costs or lines.uncosted_line_count = 0, coalesce(revenue.net_revenue_amount, 0) = 0) as is_result_known,
        case
            when lines.uncosted_line_count > 0 then lines.uncosted_line_count || ' lines without a known unit cost'
            when lines.customer_id is null and revenue.net_revenue_amount <> 0 then 'no invoice lines delivered'
        end as result_reason
    from customer_month_keys
    inner join {{ ref('dim_customers') }} as customers on customer_month_keys.customer_id = customers.customer_id and not customers.is_unknown
    {%- for source in ['revenue', 'costs', 'lines', 'losses'] %}
    left join {{ source }}
        on customer_month_keys.customer_id = {{ source }}.customer_id and customer_month_keys.month_start_date = {{ source }}.month_start_date
    {%- endfor %}
)

{%- set costs_without_goods = 'cost_to_serve_amount - carrying_cost_amount - expected_loss_amount - insurance_premium_amount - credit_report_amount - bank_charge_amount' %}

select
    {%- for column in ['customer_id', 'month_start_date', 'size_class', 'industry_code', 'net_revenue_amount'] %}
    {{ column }},
    {%- endfor %}
    cast(net_revenue_amount + cost_line_amount as decimal(18, 4)) as goods_revenue_amount,
    {%- for cost in costs + ['cost_of_goods', 'uncosted'] %}
    {{ cost }}_amount,
    {%- endfor %}
    cast(net_revenue_amount - {{ costs_without_goods }} as decimal(18, 4)) as result_before_goods_amount,
    {%- for bound, margin in [('result', '0'), ('result_low', 'uncosted_low_amount'), ('result_high', 'uncosted_high_amount')] %}
    case
        when is_result_known then cast(net_revenue_amount - cost_of_goods_amount - uncosted_amount + {{ margin }} - {{ costs_without_goods }} as decimal(18, 4))
    end as {{ bound }}_amount,
    {%- endfor %}
    realised_loss_amount,
    result_reason
from results
