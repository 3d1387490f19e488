{#
Sums of a relation for every scope that a KPI is published for. The relation carries the columns of its scopes beside
`keys`: salesperson_id, team, industry_code, size_class; `measures` are additive columns.
#}
{% macro scoped_sums(relation, keys, measures, scope_types=['company', 'salesperson', 'team', 'industry', 'segment']) -%}
    {%- set scope_ids = {'company': "'company'", 'salesperson': 'salesperson_id', 'team': 'team', 'industry': 'industry_code', 'segment': 'size_class'} -%}
    {%- for scope_type in scope_types %}
    select
        '{{ scope_type }}' as scope_type,
        {{ scope_ids[scope_type] }} as scope_id,
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
