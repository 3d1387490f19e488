-- The newest figure of each period with its bounds; both are empty where a release moves it and nobody knows how far.
with figures as (
    select * from {{ ref('int_kpis_by_period') }} where is_latest
),

bounds as (
    select
        *,
        low_value is null or high_value is null as is_unbounded
    from {{ ref('int_kpi_bounds') }}
)

select
    figures.*,
    coalesce(bounds.is_unbounded, false) as is_unbounded,
    case when not coalesce(bounds.is_unbounded, false) then least(figures.value, figures.bounded_value, bounds.low_value) end as low_value,
    case when not coalesce(bounds.is_unbounded, false) then greatest(figures.value, figures.bounded_value, bounds.high_value) end as high_value
from figures
left join bounds
    on
        figures.kpi = bounds.kpi
        and figures.period_type = bounds.period_type
        and figures.period_start_date = bounds.period_start_date
        and figures.scope_type = bounds.scope_type
        and figures.scope_id = bounds.scope_id
