with current_rows as (
    {{ current_rows('payments') }}
)

select
    payment_id,
    received_date,
    amount,
    currency,
    customer_id,
    payer_iban,
    reference_text,
    bank_account,
    is_reversal_of,
    statement_id
from current_rows
