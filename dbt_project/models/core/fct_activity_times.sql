with night as (
    select * from {{ ref('stg_company__night') }}
),

activity_times as (
    select * from {{ ref('stg_ledger__activity_times') }}
)

select
    activity_times.activity,
    activity_times.valid_from_date,
    activity_times.pool_id,
    activity_times.driver_event,
    activity_times.unit_minutes
from activity_times
cross join night
where activity_times.valid_from_date <= night.report_date
