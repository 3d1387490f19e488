with current_rows as (
    {{ current_rows('invoice_references') }}
)

select
    invoice_id,
    preceding_invoice_id,
    preceding_issued_date
from current_rows
