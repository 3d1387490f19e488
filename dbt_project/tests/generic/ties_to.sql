{#
Sums of this model equal sums of another one, exactly, per group and in total: money is decimal, so there is no tolerance.
`measures` maps an expression of this model to one of the other. A group that stands on one side only is a culprit too.
#}
{% test ties_to(model, to, measures, by=[], where=none, to_where=none) %}
with here as (
    select
        {%- for column in by %} {{ column }},{% endfor %}
        {%- for expression in measures.keys() %}
        coalesce(sum({{ expression }}), 0) as measure_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ model }}
    {% if where %}where {{ where }}{% endif %}
    {% if by %}group by {{ by | join(', ') }}{% endif %}
),

there as (
    select
        {%- for column in by %} {{ column }},{% endfor %}
        {%- for expression in measures.values() %}
        coalesce(sum({{ expression }}), 0) as measure_{{ loop.index }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ to }}
    {% if to_where %}where {{ to_where }}{% endif %}
    {% if by %}group by {{ by | join(', ') }}{% endif %}
)

select *
from here
full join there
    on {% if not by %}true{% endif %}
    {%- for column in by %}{{ ' and ' if not loop.first }}here.{{ column }} is not distinct from there.{{ column }}{% endfor %}
where false
    {%- for expression in measures %}
    or coalesce(here.measure_{{ loop.index }}, 0) <> coalesce(there.measure_{{ loop.index }}, 0)
    {%- endfor %}
{% endtest %}
