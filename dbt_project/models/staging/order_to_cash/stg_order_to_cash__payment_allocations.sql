with current_rows as (
    {{ current_rows('payment_allocations') }}
)

select
    allocation_id,
    payment_id,
    kind,
    invoice_id,
    allocated_date,
    amount
from current_rows
