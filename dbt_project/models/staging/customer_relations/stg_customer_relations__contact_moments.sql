with current_rows as (
    {{ current_rows('contact_moments') }}
)

select
    contact_id,
    happened_at,
    kind,
    is_outbound,
    customer_id,
    lead_id,
    salesperson_id,
    department,
    minutes
from current_rows
