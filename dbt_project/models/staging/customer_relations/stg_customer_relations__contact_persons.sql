with current_rows as (
    {{ current_rows('contact_persons') }}
)

select
    contact_person_id,
    customer_id,
    name,
    role,
    phone,
    email,
    is_for_invoices,
    left_date
from current_rows
