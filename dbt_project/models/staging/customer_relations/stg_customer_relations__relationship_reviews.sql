with current_rows as (
    {{ current_rows('relationship_reviews') }}
)

select
    review_id,
    customer_id,
    reviewed_date,
    strategy_score,
    trust_score,
    time_score,
    reviewer_id
from current_rows
