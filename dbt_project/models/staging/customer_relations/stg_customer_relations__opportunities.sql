with current_rows as (
    {{ current_rows('opportunities') }}
)

select
    opportunity_id,
    customer_id,
    prospect_name,
    salesperson_id,
    product_id,
    created_date,
    stage,
    kind,
    amount,
    probability_share,
    expected_close_date,
    closed_date,
    is_won,
    lost_reason,
    payment_terms_days,
    are_terms_discussed
from current_rows
