with current_rows as (
    {{ current_rows('dunning_policy') }}
)

select
    size_class,
    dunning_level,
    valid_from_date,
    valid_until_date,
    after_days,
    channel,
    tone,
    department,
    cost_amount
from current_rows
