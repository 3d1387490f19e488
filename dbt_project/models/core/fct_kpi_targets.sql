with night as (
    select * from {{ ref('stg_company__night') }}
),

kpi_targets as (
    select * from {{ ref('stg_targets__kpi_targets') }}
)

select
    kpi_targets.kpi,
    kpi_targets.team,
    kpi_targets.valid_from_date,
    kpi_targets.valid_until_date,
    kpi_targets.quarter as quarter_start_date,
    kpi_targets.recorded_at,
    kpi_targets.target,
    kpi_targets.role,
    kpi_targets.rhythm,
    kpi_targets.reward,
    kpi_targets.way_of_working,
    kpi_targets.change_reason,
    kpi_targets.agreed_by
from kpi_targets
cross join night
where coalesce({{ local_date('kpi_targets.recorded_at', 'night.time_zone') }}, night.report_date) <= night.report_date
