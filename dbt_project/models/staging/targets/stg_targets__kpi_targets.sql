with current_rows as (
    {{ current_rows('kpi_targets') }}
)

select
    kpi,
    team,
    valid_from_date,
    valid_until_date,
    quarter,
    recorded_at,
    target,
    role,
    rhythm,
    reward,
    way_of_working,
    change_reason,
    agreed_by
from current_rows
