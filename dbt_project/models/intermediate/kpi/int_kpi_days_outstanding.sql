with days_sales_outstanding as (
    select * from {{ ref('days_sales_outstanding_monthly') }} where period_type = 'month'
)

{{ kpi_rows('days_sales_outstanding', [
    {'kpi': 'dso_countback', 'value': 'dso_countback_days', 'reason': 'dso_countback_reason'},
    {'kpi': 'dso_true', 'value': 'dso_true_days',
     'reason': "case when dso_true_days is null then 'no open invoices, or an issue month without credit sales' end"},
]) }}
