with current_rows as (
    {{ current_rows('contracts') }}
)

select
    contract_id,
    customer_id,
    product_id,
    started_date,
    ended_date,
    notice_date,
    annual_amount,
    renews_contract_id
from current_rows
