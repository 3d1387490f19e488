{# A row for which the expression is false or NULL is a culprit. #}
{% test expression_is_true(model, expression, where=none) %}
select *
from {{ model }}
where ({{ expression }}) is not true
{%- if where %} and ({{ where }}){% endif %}
{% endtest %}
