with current_rows as (
    {{ current_rows('payment_schedule') }}
)

select
    invoice_id,
    instalment_number,
    due_date,
    amount,
    kind
from current_rows
