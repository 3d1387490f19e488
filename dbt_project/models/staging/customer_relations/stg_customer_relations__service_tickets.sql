with current_rows as (
    {{ current_rows('service_tickets') }}
)

select
    ticket_id,
    customer_id,
    opened_at,
    closed_at,
    kind,
    minutes
from current_rows
