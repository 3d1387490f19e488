-- The KPIs of the company that levers are worth by, over the twelve months up to a month and in it. A sum stands only where all twelve
-- months have a value; it is taken of decimals, because one of doubles hangs on the order of its rows.
{%- set window_months = 12 %}
with company_months as (
    select
        kpi,
        period_start_date as month_start_date,
        value,
        numerator,
        denominator
    from {{ ref('kpi_values') }}
    where scope_type = 'company' and period_type = 'month'
),

months as (
    select * from {{ ref('dim_months') }} where is_complete
)

select
    months.month_start_date,
    company_months.kpi,
    max(case when company_months.month_start_date = months.month_start_date then cast(company_months.value as double) end) as month_value,
    case when count(company_months.value) = {{ window_months }} then cast(sum(company_months.value) as double) end as year_value,
    case when count(company_months.value) = {{ window_months }} then cast(sum(company_months.numerator) as double) end as year_numerator,
    case when count(company_months.value) = {{ window_months }} then cast(sum(company_months.denominator) as double) end as year_denominator
from months
inner join company_months
    on
        company_months.month_start_date <= months.month_start_date
        and company_months.month_start_date > {{ months_later('months.month_start_date', -window_months) }}
group by 1, 2
