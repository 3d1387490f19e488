with current_rows as (
    {{ current_rows('sales_investments') }}
)

select
    investment_id,
    kind,
    salesperson_id,
    team,
    invested_date,
    cost_amount
from current_rows
