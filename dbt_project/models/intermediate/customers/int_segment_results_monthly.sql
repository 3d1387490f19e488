-- Segments with their share of segment costs, what is unassigned beside them, and the company as the sum of customers and unassigned.
{%- set measures = [
    'net_revenue_amount', 'cost_line_amount', 'cost_of_goods_amount', 'uncosted_amount', 'cost_to_serve_amount', 'carrying_cost_amount',
    'expected_loss_amount', 'insurance_premium_amount', 'credit_report_amount', 'bank_charge_amount', 'uncounted_amount',
] %}
with customers as (
    select * from {{ ref('int_customer_segment_months') }}
),

unassigned as (
    select * from {{ ref('int_unassigned_months') }}
),

segment_costs as (
    select * from {{ ref('int_segment_costs_monthly') }}
),

segment_types as (
    select distinct segment_type from customers
),

shared as (
    select
        segment_type,
        month_start_date,
        sum(segment_cost_amount) as segment_cost_amount
    from segment_costs
    group by 1, 2
),

levels as (
    select
        customers.segment_type,
        customers.segment_id,
        customers.month_start_date,
        customers.customer_count,
        customers.unknown_result_count,
        {%- for measure in measures %}
        customers.{{ measure }},
        {%- endfor %}
        coalesce(segment_costs.segment_cost_amount, 0) as segment_cost_amount,
        0 as direct_cost_amount,
        0 as unassigned_pool_amount,
        0 as idle_pool_amount,
        0 as company_pool_amount
    from customers
    left join segment_costs
        on
            customers.segment_type = segment_costs.segment_type
            and customers.segment_id = segment_costs.segment_id
            and customers.month_start_date = segment_costs.month_start_date
    union all
    select
        segment_types.segment_type,
        case when segment_types.segment_type = 'company' then 'company' else 'unassigned' end as segment_id,
        unassigned.month_start_date,
        0 as customer_count,
        0 as unknown_result_count,
        {%- for measure in measures %}
        {{ 'unassigned.' ~ measure if measure in ['net_revenue_amount', 'cost_line_amount', 'cost_of_goods_amount', 'uncosted_amount', 'uncounted_amount'] else '0' }} as {{ measure }},
        {%- endfor %}
        unassigned.segment_pool_amount - coalesce(shared.segment_cost_amount, 0) as segment_cost_amount,
        unassigned.direct_cost_amount,
        unassigned.unassigned_pool_amount,
        unassigned.idle_pool_amount,
        unassigned.company_pool_amount
    from unassigned
    cross join segment_types
    left join shared
        on segment_types.segment_type = shared.segment_type and unassigned.month_start_date = shared.month_start_date
)

select
    segment_type,
    segment_id,
    month_start_date,
    cast(sum(customer_count) as bigint) as customer_count,
    cast(sum(unknown_result_count) as bigint) as unknown_result_count,
    {%- for measure in measures + ['segment_cost_amount', 'direct_cost_amount', 'unassigned_pool_amount', 'idle_pool_amount', 'company_pool_amount'] %}
    {{ money_sum(measure) }} as {{ measure }}{{ ',' if not loop.last }}
    {%- endfor %}
from levels
group by 1, 2, 3
