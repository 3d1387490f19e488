{# A column of the latest row of a group, empty where that row leaves it empty: max_by would take it from an earlier row then. #}
{% macro latest_value(column, moment) -%}arg_max_null({{ column }}, {{ moment }}){%- endmacro %}
