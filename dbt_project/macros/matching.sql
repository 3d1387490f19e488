{# Every run of signs in a text that holds a digit, one row each: what may be the number of a document. #}
{% macro number_like(text) -%}{{ return(adapter.dispatch('number_like')(text)) }}{%- endmacro %}
{% macro default__number_like(text) -%}unnest(regexp_extract_all(upper({{ text }}), '[A-Z0-9][-A-Z0-9/.]*')){%- endmacro %}
