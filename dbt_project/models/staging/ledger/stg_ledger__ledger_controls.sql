with current_rows as (
    {{ current_rows('ledger_controls') }}
)

select
    account,
    month,
    kind,
    amount
from current_rows
