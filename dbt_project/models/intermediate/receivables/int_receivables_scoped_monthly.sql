-- One dense series of months per scope, from the scope's first month with a sale or a receivable: a month without sales
-- has its days too.
{%- set measures = receivable_measures() %}
{%- set of_ageing, of_sales, of_flows = measures.ageing, measures.sales, measures.flows %}
{%- set measures = of_ageing + of_sales + of_flows %}
with coverage as (
    {{ settlement_coverage() }}
),

ageing as (
    select * from {{ ref('receivables_ageing_monthly') }}
),

revenue as (
    select * from {{ ref('revenue_monthly') }}
),

flows as (
    select * from {{ ref('int_receivable_flows_monthly') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

parts as (
    {%- for part, columns in [('ageing', of_ageing), ('revenue', of_sales), ('flows', of_flows)] %}
    select
        month_start_date,
        salesperson_id,
        industry_code,
        size_class,
        {%- for measure in measures %}
        {{ measure if measure in columns else '0' }} as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ part }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

scoped as (
    {{ scoped_sums('parts', ['month_start_date'], measures) }}
),

first_months as (
    select
        scope_type,
        scope_id,
        min(month_start_date) as first_month
    from scoped
    cross join coverage
    group by 1, 2
)

select
    first_months.scope_type,
    first_months.scope_id,
    months.month_start_date,
    months.month_end_date,
    months.day_count,
    months.is_complete,
    {%- for measure in measures %}
    coalesce(scoped.{{ measure }}, 0) as {{ measure }}{{ ',' if not loop.last }}
    {%- endfor %}
from first_months
inner join months on first_months.first_month <= months.month_start_date
left join scoped
    on
        first_months.scope_type = scoped.scope_type
        and first_months.scope_id = scoped.scope_id
        and months.month_start_date = scoped.month_start_date
