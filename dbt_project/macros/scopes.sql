{#
Sums of a relation for every scope that a KPI is published for. The relation carries the columns of its scopes beside `keys`:
salesperson_id, industry_code, size_class; the model has a CTE `salespeople`, which knows their teams; `measures` are additive.
#}
{% macro scoped_sums(relation, keys, measures, scope_types=['company', 'salesperson', 'team', 'industry', 'segment']) -%}
    {%- set scope_ids = {
        'company': "'company'", 'salesperson': relation ~ '.salesperson_id', 'team': "coalesce(salespeople.team, 'unknown')",
        'industry': relation ~ '.industry_code', 'segment': relation ~ '.size_class'
    } -%}
    {%- for scope_type in scope_types %}
    select
        '{{ scope_type }}' as scope_type,
        {{ scope_ids[scope_type] }} as scope_id,
        {%- for key in keys %}
        {{ relation }}.{{ key }},
        {%- endfor %}
        {%- for measure in measures %}
        sum({{ relation }}.{{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    {%- if scope_type == 'team' %}
    left join salespeople on {{ relation }}.salesperson_id = salespeople.salesperson_id
    {%- endif %}
    group by {{ range(2, 3 + keys | length) | join(', ') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

{# The same sums per month as rows of a period; the model has a CTE `periods` of months. #}
{% macro scoped_months(relation, measures, scope_types=['company', 'salesperson', 'team', 'industry', 'segment']) -%}
    select
        periods.period_type,
        periods.period_start_date,
        periods.is_complete,
        sums.*
    from (
        {{ scoped_sums(relation, ['month_start_date'], measures, scope_types) }}
    ) as sums
    inner join periods on sums.month_start_date = periods.period_start_date
{%- endmacro %}
