-- What is not counted stays in sight: revenue less known costs of customers and months whose cost of goods is not known.
with results as (
    select * from {{ ref('int_segment_results_monthly') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

basis as (
    select max(value_basis) as value_basis from {{ ref('int_customer_trailing_monthly') }}
)

select
    results.month_start_date,
    coalesce(months.is_complete, false) as is_complete,
    results.segment_type,
    results.segment_id,
    results.customer_count,
    results.unknown_result_count,
    results.net_revenue_amount,
    results.cost_line_amount,
    results.cost_of_goods_amount,
    results.uncosted_amount,
    results.cost_to_serve_amount,
    results.carrying_cost_amount,
    results.expected_loss_amount,
    results.insurance_premium_amount,
    results.credit_report_amount,
    results.bank_charge_amount,
    results.segment_cost_amount,
    results.direct_cost_amount as unassigned_direct_cost_amount,
    results.unassigned_pool_amount as unassigned_cost_amount,
    results.idle_pool_amount as idle_capacity_amount,
    results.company_pool_amount as company_cost_amount,
    results.uncounted_amount,
    case
        when basis.value_basis = 'result' then cast(
            results.net_revenue_amount - results.cost_of_goods_amount - results.cost_to_serve_amount - results.carrying_cost_amount
            - results.expected_loss_amount - results.insurance_premium_amount - results.credit_report_amount
            - results.bank_charge_amount - results.segment_cost_amount - results.direct_cost_amount - results.unassigned_pool_amount
            - results.idle_pool_amount - results.company_pool_amount - results.uncounted_amount as decimal(18, 4)
        )
    end as result_amount
from results
cross join basis
left join months on results.month_start_date = months.month_start_date
