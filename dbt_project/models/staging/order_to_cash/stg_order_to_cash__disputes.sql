with current_rows as (
    {{ current_rows('disputes') }}
)

select
    dispute_id,
    invoice_id,
    opened_date,
    reason_code,
    amount,
    closed_date,
    outcome,
    owner_department
from current_rows
