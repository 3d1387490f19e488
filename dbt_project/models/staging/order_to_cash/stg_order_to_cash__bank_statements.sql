with current_rows as (
    {{ current_rows('bank_statements') }}
)

select
    statement_id,
    bank_account,
    statement_date,
    currency,
    opening_amount,
    closing_amount,
    other_entries_amount,
    opening_date,
    statement_number
from current_rows
