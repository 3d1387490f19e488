with current_rows as (
    {{ current_rows('invoice_allowances') }}
)

select
    invoice_id,
    allowance_number,
    is_charge,
    amount,
    base_amount,
    allowance_share,
    vat_category,
    vat_share,
    reason_text,
    reason_code,
    line_number
from current_rows
