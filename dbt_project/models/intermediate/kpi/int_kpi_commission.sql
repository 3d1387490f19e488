-- An invoice without exchange rate is counted where it would have brought commission. What it leaves unearned ends with its cash, which
-- has no euros either: unearned commission is bounded without it. The cash forecast is learned from what is kept, and has no bounds; only
-- its weeks that have passed are judged.
{%- set measures = ['commission_amount', 'unearned_amount', 'held_out_commission_amount', 'held_out_unearned_amount', 'unvalued_document_count'] %}
{%- set weeks_left = [reason_when('open_week_count > 0', 'weeks_not_passed', count='open_week_count', of_count='4')] %}
with commission as (
    select * from {{ ref('commission_monthly') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

periods as (
    select * from {{ ref('int_periods') }} where period_type = 'month'
),

months as (
    select
        dim_months.month_start_date,
        least(4, cast(floor({{ days_between('dim_months.month_end_date', 'night.observed_until_date') }} / 7.0) as integer)) as passed_week_count
    from {{ ref('dim_months') }} as dim_months
    cross join {{ ref('stg_company__night') }} as night
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
        months.month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        months.passed_week_count = 4 as is_complete,
        sum(cash_forecast.absolute_error_amount) as absolute_error_amount,
        sum(case when cash_forecast.is_complete then cash_forecast.collected_amount end) as collected_amount,
        sum(cash_forecast.expected_amount) as expected_amount,
        4 - greatest(months.passed_week_count, 0) as open_week_count
    from cash_forecast
    inner join months on cash_forecast.month_start_date = months.month_start_date
    group by 2, months.passed_week_count
)

{{ kpi_rows('commission_rows', [
    {'kpi': 'commission_amount', 'value': 'commission_amount', 'held_out': 'held_out_commission_amount', 'unvalued': 'unvalued_document_count'},
    {'kpi': 'unearned_commission_amount', 'value': 'unearned_amount', 'held_out': 'held_out_unearned_amount'},
]) }}
union all
{{ kpi_rows('cash_rows', [
    {'kpi': 'cash_forecast_amount', 'value': 'expected_amount', 'reasons': weeks_left},
    {'kpi': 'cash_forecast_wape', 'numerator': 'absolute_error_amount', 'denominator': 'collected_amount', 'reasons': weeks_left},
]) }}
