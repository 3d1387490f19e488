with current_rows as (
    {{ current_rows('credit_insurance') }}
)

select
    customer_id,
    valid_from_date,
    insured_limit_amount,
    coverage_share,
    premium_share,
    is_self_assessed,
    overdue_stop_days,
    valid_until_date
from current_rows
