with current_rows as (
    {{ current_rows('commission_plans') }}
)

select
    salesperson_id,
    valid_from_date,
    rate_share,
    basis,
    commissionable
from current_rows
