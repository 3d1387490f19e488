-- Each figure as a numerator over a denominator: an amount over 1, and a part of DSO, which shows its value alone, over that of DSO.
{%- set keys = ['kpi', 'period_type', 'period_start_date', 'scope_type', 'scope_id'] %}
with latest as (
    select * from {{ ref('int_kpis_by_period') }} where is_latest and value is not null
),

likenesses as (
    select * from {{ ref('kpi_bound_parts') }} where part = 'denominator of'
)

select
    {% for key in keys %}latest.{{ key }}, {% endfor %}
    latest.as_of_month,
    coalesce(latest.numerator, latest.value * coalesce(wholes.denominator, 1)) as numerator,
    case when latest.numerator is null then coalesce(wholes.denominator, 1) else latest.denominator end as denominator
from latest
left join likenesses on latest.kpi = likenesses.kpi
left join latest as wholes
    on
        likenesses.measure = wholes.kpi
        {%- for key in keys[1:] %}
        and latest.{{ key }} = wholes.{{ key }}
        {%- endfor %}
