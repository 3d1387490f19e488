-- Where a customer stands on the report date: its year, the year before, what it owes and what it disputes.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parts as (
    select
        trailing_months.customer_id,
        'year before' as part,
        trailing_months.value_amount as first_amount,
        0 as second_amount,
        0 as third_amount
    from {{ ref('int_customer_trailing_monthly') }} as trailing_months
    cross join night
    where trailing_months.month_start_date = {{ months_later('night.report_date', -12) }}
    union all
    select
        results.customer_id,
        'costs',
        sum(results.goods_revenue_amount - results.cost_of_goods_amount),
        sum(results.cost_to_serve_amount),
        sum(results.carrying_cost_amount + results.expected_loss_amount + results.insurance_premium_amount + results.credit_report_amount)
    from {{ ref('customer_result_monthly') }} as results
    cross join night
    where results.month_start_date > {{ months_later('night.report_date', -12) }}
    group by 1
    union all
    select
        ageing.customer_id,
        'receivables',
        sum(ageing.receivables_amount),
        sum(ageing.overdue_amount),
        0
    from {{ ref('receivables_ageing_monthly') }} as ageing
    cross join night
    where ageing.month_start_date = {{ month_start('night.report_date') }}
    group by 1
    union all
    select customer_id, 'disputes', count(*), sum(gross_amount), 0
    from {{ ref('fct_disputes') }}
    where closed_date is null and customer_id is not null
    group by 1
)

select
    customer_id,
    cast(max(case when part = 'year before' then first_amount end) as decimal(18, 4)) as value_year_before_amount,
    max(case when part = 'costs' then first_amount end) as gross_margin_amount,
    max(case when part = 'costs' then second_amount end) as cost_to_serve_amount,
    max(case when part = 'costs' then third_amount end) as risk_cost_amount,
    max(case when part = 'receivables' then first_amount end) as receivables_amount,
    max(case when part = 'receivables' then second_amount end) as overdue_amount,
    cast(max(case when part = 'disputes' then first_amount end) as bigint) as dispute_count,
    max(case when part = 'disputes' then second_amount end) as dispute_gross_amount
from parts
group by 1
