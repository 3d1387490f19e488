with current_rows as (
    {{ current_rows('bank_transactions') }}
)

select
    statement_id,
    entry_number,
    detail_number,
    bank_account,
    kind,
    booked_date,
    value_date,
    amount,
    currency,
    is_reversal,
    counterparty_name,
    counterparty_iban,
    end_to_end_id,
    structured_reference,
    remittance_text,
    transaction_code,
    bank_reference,
    opening_amount,
    closing_amount
from current_rows
