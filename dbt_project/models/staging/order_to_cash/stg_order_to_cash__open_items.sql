with current_rows as (
    {{ current_rows('open_items') }}
)

select
    item_id,
    document_type,
    customer_id,
    issued_date,
    due_date,
    currency,
    amount,
    open_amount,
    balance_date,
    cleared_date,
    salesperson_id,
    payment_terms_days
from current_rows
