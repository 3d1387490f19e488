-- Where a customer stands on the report date: its year and the year before, what it owes and disputes, what is wrong with its invoices.
{%- set parts = {
    'year_before': ['value_year_before_amount'],
    'costs': ['gross_margin_amount', 'cost_to_serve_amount', 'risk_cost_amount', 'cost_line_amount'],
    'receivables': ['receivables_amount', 'overdue_amount'],
    'disputes': ['dispute_count', 'dispute_gross_amount'],
    'errors': ['error_count', 'error_stake_amount'],
    'quality': ['invoice_count', 'right_first_time_count'],
} %}
with night as (
    select * from {{ ref('stg_company__night') }}
),

year_before as (
    select
        trailing_months.customer_id,
        trailing_months.value_amount as value_year_before_amount
    from {{ ref('int_customer_trailing_monthly') }} as trailing_months
    cross join night
    where trailing_months.month_start_date = {{ months_later('night.report_date', -12) }}
),

costs as (
    select
        results.customer_id,
        sum(
            results.goods_revenue_amount - results.cost_of_goods_amount
            - case when results.result_amount is not null then results.uncosted_amount else 0 end
        ) as gross_margin_amount,
        sum(results.cost_line_amount) as cost_line_amount,
        sum(results.cost_to_serve_amount) as cost_to_serve_amount,
        sum(results.carrying_cost_amount + results.expected_loss_amount + results.insurance_premium_amount + results.credit_report_amount
            + results.bank_charge_amount) as risk_cost_amount
    from {{ ref('customer_result_monthly') }} as results
    cross join night
    where results.month_start_date > {{ months_later('night.report_date', -12) }}
    group by 1
),

receivables as (
    select
        ageing.customer_id,
        sum(ageing.receivables_amount) as receivables_amount,
        sum(ageing.overdue_amount) as overdue_amount
    from {{ ref('receivables_ageing_monthly') }} as ageing
    cross join night
    where ageing.month_start_date = {{ month_start('night.report_date') }}
    group by 1
),

disputes as (
    select
        customer_id,
        count(*) as dispute_count,
        sum(gross_amount) as dispute_gross_amount
    from {{ ref('fct_disputes') }}
    where closed_date is null
    group by 1
),

errors as (
    select
        customer_id,
        count(*) as error_count,
        sum(stake_amount) as error_stake_amount
    from {{ ref('invoice_error_worklist') }}
    group by 1
),

quality as (
    select
        invoices.scope_id as customer_id,
        cast(sum(invoices.invoice_count) as bigint) as invoice_count,
        cast(sum(invoices.right_first_time_count) as bigint) as right_first_time_count
    from {{ ref('invoice_quality_monthly') }} as invoices
    cross join night
    where invoices.scope_type = 'customer' and invoices.month_start_date > {{ months_later('night.report_date', -12) }}
    group by 1
)

select
    customers.customer_id,
    {%- for part, measures in parts.items() %}
    {%- set is_last_part = loop.last %}
    {%- for measure in measures %}
    {{ part }}.{{ measure }}{{ ',' if not (is_last_part and loop.last) }}
    {%- endfor %}
    {%- endfor %}
from {{ ref('dim_customers') }} as customers
{%- for part in parts %}
left join {{ part }} on customers.customer_id = {{ part }}.customer_id
{%- endfor %}
