with current_rows as (
    {{ current_rows('match_decisions') }}
)

select
    payment_id,
    invoice_id,
    decision,
    amount,
    decided_date,
    decided_by
from current_rows
