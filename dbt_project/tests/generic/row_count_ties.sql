{# As many rows here as there: a join neither lost nor multiplied any. #}
{% test row_count_ties(model, to) %}
select
    (select count(*) from {{ model }}) as row_count,
    (select count(*) from {{ to }}) as row_count_there
where (select count(*) from {{ model }}) <> (select count(*) from {{ to }})
{% endtest %}
