with current_rows as (
    {{ current_rows('interest_rates') }}
)

select
    interest_rate_id,
    valid_from_date,
    rate_share,
    customer_id,
    source_text
from current_rows
