with current_rows as (
    {{ current_rows('third_party_payers') }}
)

select
    customer_id,
    payer_customer_id,
    valid_from_date,
    valid_until_date
from current_rows
