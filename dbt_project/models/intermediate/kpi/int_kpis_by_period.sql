-- Months of the families, and the quarters (company, teams, salespeople) and years (company) that they make, as these stood at the end
-- of each of their months. KPIs whose period is measured as a whole come from their family with all their periods.
with measured as (
    select * from {{ ref('int_kpis_measured') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

calendar as (
    select * from {{ ref('dim_months') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

months as (
    select
        measured.*,
        definitions.over_time,
        calendar.quarter_start_date,
        calendar.year_start_date
    from measured
    inner join definitions on measured.kpi = definitions.kpi
    inner join calendar on measured.period_start_date = calendar.month_start_date
    where measured.period_type = 'month' and definitions.over_time in ('sum', 'ratio', 'month end')
),

summed as (
    {%- for period_type, scope_types in [('quarter', ['company', 'salesperson', 'team']), ('year', ['company'])] %}
    select
        months.kpi,
        months.over_time,
        '{{ period_type }}' as period_type,
        months.{{ period_type }}_start_date as period_start_date,
        calendar.month_start_date as as_of_month,
        months.scope_type,
        months.scope_id,
        case when count(months.value) = count(*) then sum(months.value) end as value,
        sum(case when months.denominator is not null then months.numerator end) as numerator,
        sum(case when months.numerator is not null then months.denominator end) as denominator,
        sum(months.bounded_value) as bounded_value,
        sum(case when months.bounded_denominator is not null then months.bounded_numerator end) as bounded_numerator,
        sum(case when months.bounded_numerator is not null then months.bounded_denominator end) as bounded_denominator,
        min(case when months.is_complete then 1 else 0 end) = 1 as are_months_complete,
        cast(sum(months.unvalued_count) as bigint) as unvalued_count,
        max_by(months.reason, months.period_start_date) as last_reason
    from months
    inner join calendar
        on
            months.{{ period_type }}_start_date = calendar.{{ period_type }}_start_date
            and months.period_start_date <= calendar.month_start_date
            and (months.over_time <> 'month end' or months.period_start_date = calendar.month_start_date)
    where months.scope_type in ('{{ scope_types | join("', '") }}')
    group by 1, 2, 3, 4, 5, 6, 7
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

made as (
    select
        summed.kpi,
        summed.period_type,
        summed.period_start_date,
        summed.as_of_month,
        summed.scope_type,
        summed.scope_id,
        case when summed.over_time = 'ratio' then {{ safe_share('summed.numerator', 'summed.denominator') }} else summed.value end as value,
        summed.numerator,
        summed.denominator,
        case
            when summed.over_time = 'ratio' then {{ safe_share('summed.bounded_numerator', 'summed.bounded_denominator') }}
            else summed.bounded_value
        end as bounded_value,
        summed.are_months_complete and periods.is_complete as is_complete,
        summed.unvalued_count,
        case
            when summed.over_time = 'month end' then summed.last_reason
            when summed.over_time = 'ratio' and coalesce(summed.denominator, 0) <= 0 then coalesce(summed.last_reason, 'the denominator is zero or negative')
            when summed.over_time = 'sum' and summed.value is null then coalesce(summed.last_reason, 'a month of the period has no value')
        end as reason
    from summed
    inner join periods on summed.period_type = periods.period_type and summed.period_start_date = periods.period_start_date
),

all_periods as (
    {%- set columns = ['kpi', 'period_type', 'period_start_date', 'as_of_month', 'scope_type', 'scope_id', 'value', 'numerator', 'denominator', 'bounded_value', 'is_complete', 'unvalued_count', 'reason'] %}
    select {{ columns | join(', ') }} from measured
    union all
    select {{ columns | join(', ') }} from made
)

select
    *,
    as_of_month = max(as_of_month) over (partition by period_type, period_start_date) as is_latest
from all_periods
