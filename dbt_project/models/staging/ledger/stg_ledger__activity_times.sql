with current_rows as (
    {{ current_rows('activity_times') }}
)

select
    activity,
    valid_from_date,
    pool_id,
    driver_event,
    unit_minutes
from current_rows
