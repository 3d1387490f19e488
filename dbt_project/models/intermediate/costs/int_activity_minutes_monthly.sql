-- An event takes the minutes that held on its day. Events before an activity has a time take none.
with events as (
    select * from {{ ref('int_driver_events_daily') }}
),

activity_times as (
    select
        *,
        lead(valid_from_date) over (partition by activity order by valid_from_date) as valid_until_date
    from {{ ref('fct_activity_times') }}
)

select
    activity_times.pool_id,
    {{ month_start('events.event_date') }} as cost_month,
    activity_times.activity,
    events.customer_id,
    cast(sum(events.event_count) as bigint) as event_count,
    cast(sum(events.event_count * activity_times.unit_minutes) as decimal(18, 4)) as minutes
from events
inner join activity_times
    on
        events.driver_event = activity_times.driver_event
        and events.event_date >= activity_times.valid_from_date
        and (activity_times.valid_until_date is null or events.event_date < activity_times.valid_until_date)
group by 1, 2, 3, 4
