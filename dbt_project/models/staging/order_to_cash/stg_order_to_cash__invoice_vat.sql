with current_rows as (
    {{ current_rows('invoice_vat') }}
)

select
    invoice_id,
    vat_category,
    vat_share,
    base_amount,
    vat_amount,
    exemption_reason
from current_rows
