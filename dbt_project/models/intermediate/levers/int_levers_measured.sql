-- What one unit of each lever is worth a year, and how many units there are. Every figure is one of the company's own KPIs or the base below them.
{%- set kpis = [
    'credit_sales', 'dso_terms_granted', 'dso_late_payment', 'dso_own_errors', 'first_time_right', 'credit_note_leakage_amount', 'write_off_rate', 'win_rate',
    'won_amount', 'net_revenue', 'customer_result', 'waiting_lead_amount', 'waiting_lead_count', 'forecast_accuracy_wape'
] %}
{#- Lever: the KPI that it moves, its unit, what one is worth a year, how many there are, the amount that it is taken of and the rate. #}
{%- set levers = {
    'dso_terms_granted': ('dso_terms_granted', 'day', 'credit_sales_year_value / 365 * carrying_share', 'dso_terms_granted_month_value', 'credit_sales_year_value', 'carrying_share'),
    'dso_late_payment': ('dso_late_payment', 'day', 'credit_sales_year_value / 365 * carrying_share', 'dso_late_payment_month_value', 'credit_sales_year_value', 'carrying_share'),
    'dso_own_errors': ('dso_own_errors', 'day', 'credit_sales_year_value / 365 * carrying_share', 'dso_own_errors_month_value', 'credit_sales_year_value', 'carrying_share'),
    'first_time_right': (
        'first_time_right', 'point', '0.01 * first_time_right_year_denominator * credit_note_leakage_amount_year_value / nullif(wrong_count, 0)',
        '100 * wrong_count / nullif(first_time_right_year_denominator, 0)', 'credit_note_leakage_amount_year_value',
        'wrong_count / nullif(first_time_right_year_denominator, 0)'
    ),
    'write_off_rate': (
        'write_off_rate', 'point', '0.01 * write_off_rate_year_denominator',
        '100 * write_off_rate_year_numerator / nullif(write_off_rate_year_denominator, 0)', 'write_off_rate_year_denominator',
        'write_off_rate_year_numerator / nullif(write_off_rate_year_denominator, 0)'
    ),
    'win_rate': (
        'win_rate', 'point', '0.01 * win_rate_year_denominator * won_amount_year_value / nullif(win_rate_year_numerator, 0) * margin_share',
        '100 * (1 - win_rate_year_numerator / nullif(win_rate_year_denominator, 0))', 'won_amount_year_value', 'margin_share'
    ),
    'discount': ('net_revenue', 'point', '0.01 * net_revenue_year_value', 'null', 'net_revenue_year_value', 'null'),
    'stale_lead': (
        'waiting_lead_amount', 'lead', 'waiting_lead_amount_month_value / nullif(waiting_lead_count_month_value, 0) * margin_share',
        'waiting_lead_count_month_value', 'waiting_lead_amount_month_value', 'margin_share'
    ),
    'forecast_error': (
        'forecast_accuracy_wape', 'euro', 'case when forecast_accuracy_wape_year_numerator is not null then carrying_share end',
        'forecast_accuracy_wape_year_numerator / 12', 'forecast_accuracy_wape_year_numerator', 'carrying_share'
    ),
} %}
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

kpis as (
    select * from {{ ref('int_lever_kpis_monthly') }}
),

customers as (
    select * from {{ ref('int_lever_customers_monthly') }}
),

wide as (
    select
        month_start_date,
        {%- for kpi in kpis %}
        {%- for figure in ['month_value', 'year_value', 'year_numerator', 'year_denominator'] %}
        max(case when kpi = '{{ kpi }}' then {{ figure }} end) as {{ kpi }}_{{ figure }}{{ ',' if not (loop.last and kpi == kpis[-1]) }}
        {%- endfor %}
        {%- endfor %}
    from kpis
    group by 1
),

based as (
    select
        wide.*,
        cast(parameters.carrying_cost_share as double) as carrying_share,
        wide.customer_result_year_value / nullif(wide.net_revenue_year_value, 0) as margin_share,
        wide.first_time_right_year_denominator - wide.first_time_right_year_numerator as wrong_count
    from wide
    cross join parameters
),

levers as (
    {%- for lever, (kpi, unit, unit_value, open_units, basis_amount, basis_share) in levers.items() %}
    select
        month_start_date,
        '{{ lever }}' as lever,
        '{{ kpi }}' as kpi,
        '{{ unit }}' as unit,
        {{ unit_value }} as unit_value,
        {{ open_units }} as open_units,
        {{ basis_amount }} as basis_amount,
        {{ basis_share }} as basis_share
    from based
    union all
    {%- endfor %}
    select
        month_start_date,
        lever,
        case when lever = 'cost_to_serve_tail' then 'cost_to_serve' else 'profit_weighted_retention' end,
        'point',
        0.01 * worth_amount,
        100 * open_share,
        worth_amount,
        open_share
    from customers
)

select * from levers
