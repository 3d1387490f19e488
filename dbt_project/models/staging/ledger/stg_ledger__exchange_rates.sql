with current_rows as (
    {{ current_rows('exchange_rates') }}
)

select
    rate_date,
    currency,
    rate
from current_rows
