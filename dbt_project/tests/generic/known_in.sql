{# Every value of the column stands in a column of another model; the culprits come with their number of rows. #}
{% test known_in(model, column_name, to, field) %}
select here.{{ column_name }}, count(*) as row_count
from {{ model }} as here
left join {{ to }} as there on here.{{ column_name }} = there.{{ field }}
where here.{{ column_name }} is not null and there.{{ field }} is null
group by here.{{ column_name }}
{% endtest %}
