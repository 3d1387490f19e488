with current_rows as (
    {{ current_rows('cost_pools') }}
)

select
    pool_id,
    month,
    department,
    cost_family,
    amount,
    practical_capacity_minutes,
    level
from current_rows
