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

months as (
    select * from {{ ref('dim_months') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

with_team as (
    select
        revenue.*,
        coalesce(salespeople.team, 'unknown') as team
    from revenue
    left join salespeople on revenue.salesperson_id = salespeople.salesperson_id
),

scoped as (
    {{ scoped_sums('with_team', ['month_start_date'], measures) }}
),

by_period as (
    {%- for period_type in ['month', 'quarter', 'year'] %}
    select
        '{{ period_type }}' as period_type,
        months.{{ period_type }}_start_date as period_start_date,
        scoped.scope_type,
        scoped.scope_id,
        {%- for measure in measures %}
        sum(scoped.{{ measure }}) as {{ measure }},
        {%- endfor %}
        min(case when periods.is_complete then 1 else 0 end) = 1 as is_complete
    from scoped
    inner join months on scoped.month_start_date = months.month_start_date
    inner join periods on months.{{ period_type }}_start_date = periods.period_start_date and periods.period_type = '{{ period_type }}'
    {%- if period_type != 'month' %}
    where scoped.scope_type = 'company'
    {%- endif %}
    group by 1, 2, 3, 4
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

{{ kpi_rows('by_period', [
    {'kpi': 'net_revenue', 'value': 'net_revenue_amount', 'held_out': 'held_out_net_amount', 'unvalued': 'unvalued_document_count'},
    {'kpi': 'invoiced_amount', 'value': 'invoiced_amount', 'held_out': 'held_out_invoiced_amount', 'unvalued': 'unvalued_document_count'},
    {'kpi': 'credited_amount', 'value': 'credited_amount', 'held_out': 'held_out_credited_amount', 'unvalued': 'unvalued_document_count'},
    {'kpi': 'adjusted_amount', 'value': 'adjusted_amount', 'held_out': 'held_out_adjusted_amount', 'unvalued': 'unvalued_document_count'},
    {'kpi': 'credit_sales', 'value': 'credit_sales_gross_amount', 'held_out': 'held_out_credit_sales_gross_amount', 'unvalued': 'unvalued_document_count'},
]) }}
