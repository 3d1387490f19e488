with current_rows as (
    {{ current_rows('forecast_snapshots') }}
)

select
    snapshot_date,
    salesperson_id,
    period,
    amount,
    opportunity_id,
    stage
from current_rows
