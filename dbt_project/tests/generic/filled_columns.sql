{# Names each required column that has empty rows, with how many. #}
{% test filled_columns(model, columns) %}
with empty_counts as (
    select
        {%- for column in columns %}
        count(*) - count({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
)
{% for column in columns %}
select '{{ column }}' as column_name, {{ column }} as empty_count from empty_counts where {{ column }} > 0
{%- if not loop.last %}
union all
{%- endif %}
{% endfor %}
{% endtest %}
