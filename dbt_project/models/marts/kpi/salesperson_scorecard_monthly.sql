-- One definition, two owners: what finance steers by for sales, what sales steers by for finance. Every figure is that of kpi_values; who of
-- the customers is silent is known at the report date alone.
{%- set kpis = [
    'net_revenue', 'revenue_growth', 'won_amount', 'win_rate', 'pipeline_amount', 'new_customers', 'churned_customers', 'upsell_count',
    'renewal_rate', 'outbound_contact_count', 'waiting_lead_count', 'forecast_accuracy_wape', 'forecast_bias', 'commission_amount',
    'unearned_commission_amount', 'receivables', 'overdue_amount', 'overdue_share', 'dso_simple', 'dso_best_possible',
    'average_days_delinquent', 'dso_countback', 'average_days_to_pay', 'median_days_to_pay', 'collection_effectiveness_index',
    'write_off_rate', 'write_off_burn_share', 'overdue_our_error_amount', 'overdue_invalid_dispute_amount', 'overdue_cannot_pay_amount',
    'overdue_no_reason_known_amount', 'overdue_worked_by_sales_share', 'collected_with_sales_help_amount', 'expected_credit_loss'
] %}
with kpi_values as (
    select * from {{ ref('kpi_values') }} where period_type = 'month' and scope_type in ('salesperson', 'team')
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

months as (
    select
        *,
        month_start_date = max(month_start_date) over () as is_latest_month
    from {{ ref('dim_months') }}
),

silent as (
    {%- for scope, column in [('salesperson', 'silent_customers.account_owner_id'), ('team', 'salespeople.team')] %}
    select
        {{ month_start('silent_customers.report_date') }} as month_start_date,
        '{{ scope }}' as scope_type,
        {{ column }} as scope_id,
        count(*) as silent_customer_count,
        sum(silent_customers.value_at_risk_amount) as silent_value_amount
    from {{ ref('silent_customers') }} as silent_customers
    left join salespeople on silent_customers.account_owner_id = salespeople.salesperson_id
    where {{ column }} is not null
    group by 1, 2, 3
    {{- ' union all' if not loop.last }}
    {%- endfor %}
),

pivoted as (
    select
        period_start_date as month_start_date,
        scope_type,
        scope_id,
        {%- for kpi in kpis %}
        max(case when kpi = '{{ kpi }}' then value end) as {{ kpi }}{{ ',' if not loop.last }}
        {%- endfor %}
    from kpi_values
    group by 1, 2, 3
)

select
    pivoted.month_start_date,
    pivoted.scope_type,
    pivoted.scope_id,
    coalesce(salespeople.name, pivoted.scope_id) as scope_name,
    case when pivoted.scope_type = 'team' then pivoted.scope_id else coalesce(salespeople.team, 'unknown') end as team,
    months.is_complete,
    {%- for kpi in kpis %}
    pivoted.{{ kpi }},
    {%- endfor %}
    case when months.is_latest_month then coalesce(silent.silent_customer_count, 0) end as silent_customer_count,
    cast(case when months.is_latest_month then coalesce(silent.silent_value_amount, 0) end as decimal(18, 4)) as silent_value_amount
from pivoted
inner join months on pivoted.month_start_date = months.month_start_date
left join salespeople on case when pivoted.scope_type = 'salesperson' then pivoted.scope_id end = salespeople.salesperson_id
left join silent
    on
        pivoted.month_start_date = silent.month_start_date
        and pivoted.scope_type = silent.scope_type
        and pivoted.scope_id = silent.scope_id
