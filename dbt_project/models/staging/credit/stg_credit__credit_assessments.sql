with current_rows as (
    {{ current_rows('credit_assessments') }}
)

select
    customer_id,
    assessed_date,
    score,
    rating,
    default_probability_share,
    credit_limit_amount,
    report_cost_amount,
    valid_until_date
from current_rows
