{#
The rows of a raw table that hold now: the latest version of each key. A row that stood no longer in a full delivery is
closed and left out, except of master data that documents of the past still name (`keeps_closed` in contracts.yaml).
#}
{% macro current_rows(entity, keeps_closed=false) -%}
    select *
    from {{ source('raw', entity) }}
    where _is_current
    {%- if not keeps_closed %} and _closed_date is null{% endif %}
{%- endmacro %}
