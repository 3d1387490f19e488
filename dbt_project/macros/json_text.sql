{# The text of one field of a JSON object; nothing where it is none, such as a delivered row that could not be taken apart. #}
{% macro json_text(object, field) -%}
case when json_valid({{ object }}) then json_extract_string({{ object }}, '$.{{ field }}') end
{%- endmacro %}
