-- The newest figure of each period with its bounds; both are empty where a release moves it and nobody knows how far.
with figures as (
    select * from {{ ref('int_kpis_by_period') }} where is_latest
),

bounds as (
    select * from {{ ref('int_kpi_bounds') }}
)

select
    figures.*,
    bounds.kpi is not null and (bounds.low_value is null or bounds.high_value is null) as is_unbounded,
    case when bounds.kpi is null or bounds.low_value is not null then least(figures.value, figures.bounded_value, bounds.low_value) end as low_value,
    case when bounds.kpi is null or bounds.high_value is not null then greatest(figures.value, figures.bounded_value, bounds.high_value) end
        as high_value
from figures
left join bounds
    on
        figures.kpi = bounds.kpi
        and figures.period_type = bounds.period_type
        and figures.period_start_date = bounds.period_start_date
        and figures.scope_type = bounds.scope_type
        and figures.scope_id = bounds.scope_id
