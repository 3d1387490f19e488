-- Months of the families, and the quarters and years that they make. KPIs whose period is measured as a whole come from their family with
-- all their periods. A period is known when all its months are, is final when all its months are, and has all their reasons.
{%- set key = ['kpi', 'period_type', 'period_start_date', 'as_of_month', 'scope_type', 'scope_id'] %}
with measured as (
    select * from {{ ref('int_kpis_measured') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

parts as (
    select * from {{ ref('int_kpi_period_parts') }}
),

gathered as (
    select * from {{ ref('int_kpi_period_reasons') }}
),

summed as (
    select
        {{ key | join(', ') }},
        over_time,
        case when count(value) = count(*) then sum(value) end as value,
        sum(case when denominator is not null then numerator end) as numerator,
        sum(case when numerator is not null then denominator end) as denominator,
        case when count(value) = count(*) then sum(bounded_value) end as bounded_value,
        sum(case when bounded_denominator is not null then bounded_numerator end) as bounded_numerator,
        sum(case when bounded_numerator is not null then bounded_denominator end) as bounded_denominator,
        min(case when is_known then 1 else 0 end) = 1 as is_known,
        min(case when is_complete then 1 else 0 end) = 1 as are_months_complete,
        cast(sum(unvalued_count) as bigint) as unvalued_count
    from parts
    group by {{ key | join(', ') }}, over_time
),

valued as (
    select
        *,
        case when over_time = 'ratio' then {{ safe_share('numerator', 'denominator') }} else value end as period_value,
        case when over_time = 'ratio' then {{ safe_share('bounded_numerator', 'bounded_denominator') }} else bounded_value end as bounded_period_value
    from summed
),

made as (
    select
        {% for column in key %}valued.{{ column }}, {% endfor %}
        {%- for column, figure in [
            ('value', 'period_value'), ('numerator', 'numerator'), ('denominator', 'denominator'), ('bounded_value', 'bounded_period_value')
        ] %}
        case when valued.is_known then valued.{{ figure }} end as {{ column }},
        {%- endfor %}
        valued.is_known,
        valued.are_months_complete and periods.is_complete as is_complete,
        valued.unvalued_count,
        {{ reasons_joined('gathered.reasons', reason_list([
            reason_when("valued.is_known and valued.over_time = 'ratio' and coalesce(valued.denominator, 0) <= 0", 'zero_denominator'),
            reason_when("valued.is_known and valued.over_time <> 'ratio' and valued.value is null and gathered.reasons is null", 'month_without_value'),
        ])) }} as reasons
    from valued
    inner join periods on valued.period_type = periods.period_type and valued.period_start_date = periods.period_start_date
    left join gathered
        on
            {%- for column in key %}
            {{ 'and ' if not loop.first }}valued.{{ column }} = gathered.{{ column }}
            {%- endfor %}
),

all_periods as (
    {%- set columns = key + ['value', 'numerator', 'denominator', 'bounded_value', 'is_known', 'is_complete', 'unvalued_count', 'reasons'] %}
    select {{ columns | join(', ') }} from measured
    union all
    select {{ columns | join(', ') }} from made
)

select
    *,
    as_of_month = max(as_of_month) over (partition by period_type, period_start_date) as is_latest
from all_periods
