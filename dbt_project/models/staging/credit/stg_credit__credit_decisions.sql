with current_rows as (
    {{ current_rows('credit_decisions') }}
)

select
    decision_id,
    customer_id,
    opportunity_id,
    decided_date,
    outcome,
    requested_amount,
    reason_code
from current_rows
