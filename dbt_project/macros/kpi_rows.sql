{#
The rows of KPIs in their one shape, from a relation with one row per period and scope (and `as_of_month`, where a period's row
stands for the end of one of its months). Each KPI of `kpis` says its `kpi` and
either `value` and `held_out` (what hold-out keeps out of it) or `bounded` (its value with that), or `numerator` and `denominator`
and the same two with what was held out. Optional: `reason`, `where`, `is_complete`, `unvalued` (a count of documents without exchange rate).
#}
{% macro kpi_rows(relation, kpis, as_of_month='period_start_date') -%}
    {%- for kpi in kpis %}
    {%- set is_rate = kpi.denominator is defined %}
    select
        '{{ kpi.kpi }}' as kpi,
        period_type,
        period_start_date,
        {{ as_of_month }} as as_of_month,
        scope_type,
        scope_id,
        {%- if is_rate %}
        {%- set value, bounded = safe_share(kpi.numerator, kpi.denominator), safe_share(kpi.bounded_numerator or kpi.numerator, kpi.bounded_denominator or kpi.denominator) %}
        cast({{ value }} as decimal(38, 6)) as value,
        cast({{ kpi.numerator }} as decimal(38, 6)) as numerator,
        cast({{ kpi.denominator }} as decimal(38, 6)) as denominator,
        cast({{ bounded }} as decimal(38, 6)) as bounded_value,
        cast({{ kpi.bounded_numerator or kpi.numerator }} as decimal(38, 6)) as bounded_numerator,
        cast({{ kpi.bounded_denominator or kpi.denominator }} as decimal(38, 6)) as bounded_denominator,
        {%- else %}
        cast({{ kpi.value }} as decimal(38, 6)) as value,
        cast(null as decimal(38, 6)) as numerator,
        cast(null as decimal(38, 6)) as denominator,
        cast({{ kpi.bounded or kpi.value ~ ' + ' ~ (kpi.held_out or 0) }} as decimal(38, 6)) as bounded_value,
        cast(null as decimal(38, 6)) as bounded_numerator,
        cast(null as decimal(38, 6)) as bounded_denominator,
        {%- endif %}
        {{ kpi.is_complete or 'is_complete' }} as is_complete,
        {{ kpi.unvalued or 0 }} as unvalued_count,
        {%- if is_rate %}
        case
            when {{ kpi.denominator }} > 0 then {{ kpi.reason or 'cast(null as varchar)' }}
            {%- if kpi.reason %}
            when {{ kpi.denominator }} is null then coalesce({{ kpi.reason }}, 'the denominator is zero or negative')
            {%- endif %}
            else 'the denominator is zero or negative'
        end as reason
        {%- else %}
        {{ kpi.reason or 'cast(null as varchar)' }} as reason
        {%- endif %}
    from {{ relation }}
    {%- if kpi.where %}
    where {{ kpi.where }}
    {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
