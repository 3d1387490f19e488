with current_rows as (
    {{ current_rows('orders') }}
)

select
    order_id,
    customer_id,
    ordered_at,
    currency,
    customer_order_number,
    salesperson_id,
    opportunity_id,
    payment_terms_days,
    channel,
    requested_delivery_date,
    status,
    cancelled_at,
    payment_terms_id,
    invoice_currency,
    invoice_rate
from current_rows
