with current_rows as (
    {{ current_rows('agreed_charges') }}
)

select
    agreed_charge_id,
    customer_id,
    reason_code,
    amount,
    charge_share,
    order_amount_below,
    valid_from_date,
    valid_until_date
from current_rows
