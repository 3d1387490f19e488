{#
Sums of a relation for every scope that a KPI is published for. The relation carries salesperson_id, team, industry_code
and size_class beside `keys`; `measures` are additive columns.
#}
{% macro scoped_sums(relation, keys, measures) -%}
    {%- set scopes = {'company': "'company'", 'salesperson': 'salesperson_id', 'team': 'team', 'industry': 'industry_code', 'segment': 'size_class'} -%}
    {%- for scope_type, scope_id in scopes.items() %}
    select
        '{{ scope_type }}' as scope_type,
        {{ scope_id }} as scope_id,
        {%- for key in keys %}
        {{ key }},
        {%- endfor %}
        {%- for measure in measures %}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ relation }}
    group by {{ range(2, 3 + keys | length) | join(', ') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
