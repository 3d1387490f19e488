{# The text of one field of a JSON object. #}
{% macro json_text(object, field) -%}json_extract_string({{ object }}, '$.{{ field }}'){%- endmacro %}
