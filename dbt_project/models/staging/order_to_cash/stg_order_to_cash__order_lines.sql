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
    discount_share,
    price_base_quantity,
    is_free,
    is_drop_shipped,
    cancelled_at
from current_rows
