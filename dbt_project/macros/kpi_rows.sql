{#
The rows of KPIs in their one shape, from a relation with one row per period and scope (and `as_of_month`, where a period's row
stands for the end of one of its months). Each KPI of `kpis` says its `kpi` and
either `value` and `held_out` (what hold-out keeps out of it) or `bounded` (its value with that), or `numerator` and `denominator`
and the same two with what was held out. Optional: `reasons` (expressions that give a reason or none), `where`, `unvalued` (a count of
documents without exchange rate), `is_complete` (nothing but a correction can change it) and `is_known` (it can be known at all:
what it rests on was observed). What is not known has no value.
#}
{% macro kpi_rows(relation, kpis, as_of_month='period_start_date') -%}
    {%- for kpi in kpis %}
    {%- set is_rate = kpi.denominator is defined %}
    {%- set is_known = kpi.is_known or 'true' %}
    {%- set if_known = ('case when ' ~ is_known ~ ' then ') if kpi.is_known else '' %}
    {%- set end_known = ' end' if kpi.is_known else '' %}
    {%- set empty = 'cast(null as decimal(38, 6))' %}
    {%- if is_rate %}
    {%- set figures = {
        'value': safe_share(kpi.numerator, kpi.denominator), 'numerator': kpi.numerator, 'denominator': kpi.denominator,
        'bounded_value': safe_share(kpi.bounded_numerator or kpi.numerator, kpi.bounded_denominator or kpi.denominator),
        'bounded_numerator': kpi.bounded_numerator or kpi.numerator, 'bounded_denominator': kpi.bounded_denominator or kpi.denominator
    } %}
    {%- else %}
    {%- set figures = {
        'value': kpi.value, 'numerator': empty, 'denominator': empty,
        'bounded_value': kpi.bounded or kpi.value ~ ' + ' ~ (kpi.held_out or 0), 'bounded_numerator': empty, 'bounded_denominator': empty
    } %}
    {%- endif %}
    {%- set reasons = kpi.reasons or [] %}
    {%- if is_rate %}
    {%- set reasons = reasons + [reason_when(is_known ~ ' and ' ~ kpi.denominator ~ ' <= 0', 'zero_denominator')] %}
    {%- endif %}
    select
        '{{ kpi.kpi }}' as kpi,
        period_type,
        period_start_date,
        {{ as_of_month }} as as_of_month,
        scope_type,
        scope_id,
        {%- for name, figure in figures.items() %}
        cast({{ if_known if figure != empty }}{{ figure }}{{ end_known if figure != empty }} as decimal(38, 6)) as {{ name }},
        {%- endfor %}
        {{ is_known }} as is_known,
        {{ kpi.is_complete or 'is_complete' }} as is_complete,
        {{ kpi.unvalued or 0 }} as unvalued_count,
        {{ reason_list(reasons) }} as reasons
    from {{ relation }}
    {%- if kpi.where %}
    where {{ kpi.where }}
    {%- endif %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
