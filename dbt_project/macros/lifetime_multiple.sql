{# Years of margin that a customer is worth: r / (1 + i - r), the first margin at the end of the first year. #}
{% macro lifetime_multiple(retention_share, discount_share) -%}
    cast(round(cast({{ retention_share }} as double) / nullif(1 + cast({{ discount_share }} as double) - cast({{ retention_share }} as double), 0), 6) as decimal(18, 6))
{%- endmacro %}
