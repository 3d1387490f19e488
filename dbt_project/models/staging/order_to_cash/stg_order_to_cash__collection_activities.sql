with current_rows as (
    {{ current_rows('collection_activities') }}
)

select
    activity_id,
    happened_at,
    kind,
    customer_id,
    invoice_id,
    department,
    dunning_level,
    is_before_due,
    promised_date,
    result
from current_rows
