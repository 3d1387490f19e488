with current_rows as (
    {{ current_rows('satisfaction_surveys') }}
)

select
    answer_id,
    customer_id,
    answered_date,
    kind,
    score
from current_rows
