with current_rows as (
    {{ current_rows('leads') }}
)

select
    lead_id,
    created_at,
    origin,
    campaign_id,
    owner_id,
    first_contacted_at,
    converted_at,
    opportunity_id,
    lost_at,
    lost_reason
from current_rows
