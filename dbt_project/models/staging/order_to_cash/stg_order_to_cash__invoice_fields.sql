with current_rows as (
    {{ current_rows('invoice_fields') }}
)

select
    invoice_id,
    field_path,
    occurrences,
    value_text
from current_rows
