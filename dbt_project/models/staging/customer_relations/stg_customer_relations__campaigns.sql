with current_rows as (
    {{ current_rows('campaigns', keeps_closed=true) }}
)

select
    campaign_id,
    channel,
    name,
    started_date,
    ended_date,
    cost_amount
from current_rows
