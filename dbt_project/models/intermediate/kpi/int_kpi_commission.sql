-- An invoice without exchange rate is counted where it would have brought commission. What it leaves unearned ends with its cash, which
-- has no euros either: unearned commission is bounded without it. The cash forecast is learned from what is kept, and has no bounds.
{%- set measures = ['commission_amount', 'unearned_amount', 'held_out_commission_amount', 'held_out_unearned_amount', 'unvalued_document_count'] %}
with commission as (
    select * from {{ ref('commission_monthly') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

periods as (
    select * from {{ ref('int_periods') }} where period_type = 'month'
),

cash_forecast as (
    select * from {{ ref('cash_forecast_weekly') }} where week_number <= 4
),

commission_rows as (
    {{ scoped_months('commission', measures, ['company', 'salesperson', 'team']) }}
),

cash_rows as (
    select
        'month' as period_type,
        month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        min(case when is_complete then 1 else 0 end) = 1 as is_complete,
        sum(absolute_error_amount) as absolute_error_amount,
        sum(collected_amount) as collected_amount,
        sum(expected_amount) as expected_amount
    from cash_forecast
    group by 2
)

{{ kpi_rows('commission_rows', [
    {'kpi': 'commission_amount', 'value': 'commission_amount', 'held_out': 'held_out_commission_amount', 'unvalued': 'unvalued_document_count'},
    {'kpi': 'unearned_commission_amount', 'value': 'unearned_amount', 'held_out': 'held_out_unearned_amount'},
]) }}
union all
{{ kpi_rows('cash_rows', [
    {'kpi': 'cash_forecast_amount', 'value': 'expected_amount'},
    {'kpi': 'cash_forecast_wape', 'numerator': 'absolute_error_amount', 'denominator': 'collected_amount'},
]) }}
