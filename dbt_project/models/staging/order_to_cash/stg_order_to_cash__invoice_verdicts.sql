with current_rows as (
    {{ current_rows('invoice_verdicts') }}
)

select
    invoice_id,
    rule_code,
    place_number,
    is_about_amounts,
    message_text,
    place_text
from current_rows
