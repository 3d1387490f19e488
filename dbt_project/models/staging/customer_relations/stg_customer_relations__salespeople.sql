with current_rows as (
    {{ current_rows('salespeople', keeps_closed=true) }}
)

select
    salesperson_id,
    name,
    team,
    manager,
    department,
    started_date,
    left_date
from current_rows
