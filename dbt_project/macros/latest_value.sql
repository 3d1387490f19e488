{# A column of the latest row of a group, empty where that row leaves it empty: max_by would take it from an earlier row then. #}
{% macro latest_value(column, moment) -%}{{ return(adapter.dispatch('latest_value')(column, moment)) }}{%- endmacro %}
{% macro default__latest_value(column, moment) -%}arg_max_null({{ column }}, {{ moment }}){%- endmacro %}
{% macro spark__latest_value(column, moment) -%}max_by(struct({{ column }}), {{ moment }})[0]{%- endmacro %}
