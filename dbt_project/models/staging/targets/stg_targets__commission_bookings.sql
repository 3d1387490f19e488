with current_rows as (
    {{ current_rows('commission_bookings') }}
)

select
    booking_id,
    salesperson_id,
    invoice_id,
    booked_date,
    amount
from current_rows
