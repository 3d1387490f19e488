with current_rows as (
    {{ current_rows('payment_allocations') }}
)

select
    allocation_id,
    payment_id,
    kind,
    invoice_id,
    instalment_number,
    allocated_date,
    amount,
    payment_amount,
    credit_note_id,
    certificate_number,
    certificate_date
from current_rows
