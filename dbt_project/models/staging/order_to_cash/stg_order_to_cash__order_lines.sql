with current_rows as (
    {{ current_rows('order_lines') }}
)

select
    order_id,
    line_number,
    product_id,
    quantity,
    unit,
    unit_price_amount,
    discount_share
from current_rows
