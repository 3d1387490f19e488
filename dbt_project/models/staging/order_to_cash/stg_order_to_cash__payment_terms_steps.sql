with current_rows as (
    {{ current_rows('payment_terms_steps') }}
)

select
    payment_terms_id,
    kind,
    step_number,
    days,
    share
from current_rows
