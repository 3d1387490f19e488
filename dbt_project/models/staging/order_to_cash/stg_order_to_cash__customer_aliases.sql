with current_rows as (
    {{ current_rows('customer_aliases') }}
)

select
    alias_id,
    customer_id
from current_rows
