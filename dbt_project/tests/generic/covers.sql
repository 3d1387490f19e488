{# Every value of a column of another model stands in this one's column; the culprits are what is missing. #}
{% test covers(model, column_name, to, field) %}
select there.{{ field }}
from {{ to }} as there
left join (select distinct {{ column_name }} as held_value from {{ model }}) as here on there.{{ field }} = here.held_value
where here.held_value is null
{% endtest %}
