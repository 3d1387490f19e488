{%- set measures = [
    'net_revenue_amount', 'invoiced_amount', 'credited_amount', 'adjusted_amount', 'credit_sales_gross_amount', 'held_out_net_amount',
    'held_out_invoiced_amount', 'held_out_credited_amount', 'held_out_adjusted_amount', 'held_out_credit_sales_gross_amount',
    'unvalued_document_count'
] %}
with revenue as (
    select * from {{ ref('revenue_monthly') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

periods as (
    select * from {{ ref('int_periods') }} where period_type = 'month'
),

by_period as (
    {{ scoped_months('revenue', measures) }}
)

{{ kpi_rows('by_period', [
    {'kpi': 'net_revenue', 'value': 'net_revenue_amount', 'held_out': 'held_out_net_amount', 'unvalued': 'unvalued_document_count'},
    {'kpi': 'invoiced_amount', 'value': 'invoiced_amount', 'held_out': 'held_out_invoiced_amount', 'unvalued': 'unvalued_document_count'},
    {'kpi': 'credited_amount', 'value': 'credited_amount', 'held_out': 'held_out_credited_amount', 'unvalued': 'unvalued_document_count'},
    {'kpi': 'adjusted_amount', 'value': 'adjusted_amount', 'held_out': 'held_out_adjusted_amount', 'unvalued': 'unvalued_document_count'},
    {'kpi': 'credit_sales', 'value': 'credit_sales_gross_amount', 'held_out': 'held_out_credit_sales_gross_amount', 'unvalued': 'unvalued_document_count'},
]) }}
