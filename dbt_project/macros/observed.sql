{#
Whether the months of a window that ends with `month` all lie within what was observed, and the first month of which that holds. The
model joins the row of an entity in dim_observations as `observed`.
#}
{% macro window_flags(month, month_count, prefix='is_window_known', known_from='window_known_from_month') -%}
    coalesce({{ month }} >= {{ months_later('observed.first_complete_month_start_date', month_count - 1) }}, false) as {{ prefix }},
    {{ months_later('observed.first_complete_month_start_date', month_count - 1) }} as {{ known_from }}
{%- endmacro %}
