with current_rows as (
    {{ current_rows('deliveries') }}
)

select
    delivery_id,
    line_number,
    order_id,
    order_line_number,
    quantity,
    shipped_date,
    delivered_date,
    promised_date,
    has_proof_of_delivery
from current_rows
