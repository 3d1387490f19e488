-- Bounds of the days that are walked back or weighed by issue month, at the end of each period.
with figures as (
    select * from {{ ref('int_kpi_bound_figures') }}
),

bounds as (
    {%- for kpi, relation, name in [('dso_countback', 'int_countback_monthly', 'countback_days'), ('dso_true', 'int_true_days_monthly', 'true_days')] %}
    select
        '{{ kpi }}' as kpi,
        month_start_date,
        scope_type,
        scope_id,
        low_{{ name }} as low_value,
        high_{{ name }} as high_value
    from {{ ref(relation) }}
    where {{ name }} is distinct from low_{{ name }} or {{ name }} is distinct from high_{{ name }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    figures.kpi,
    figures.period_type,
    figures.period_start_date,
    figures.scope_type,
    figures.scope_id,
    bounds.low_value,
    bounds.high_value
from figures
inner join bounds
    on
        figures.kpi = bounds.kpi
        and figures.as_of_month = bounds.month_start_date
        and figures.scope_type = bounds.scope_type
        and figures.scope_id = bounds.scope_id
