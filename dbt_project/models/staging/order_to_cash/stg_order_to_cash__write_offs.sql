with current_rows as (
    {{ current_rows('write_offs') }}
)

select
    write_off_id,
    invoice_id,
    written_off_date,
    amount,
    reason_code,
    recovered_amount,
    recovered_date
from current_rows
