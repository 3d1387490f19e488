with current_rows as (
    {{ current_rows('invoice_lines') }}
)

select
    invoice_id,
    line_number,
    order_id,
    order_line_number,
    delivery_id,
    product_id,
    description,
    quantity,
    unit,
    unit_price_amount,
    gross_unit_price_amount,
    price_discount_amount,
    discount_amount,
    charge_amount,
    net_amount,
    vat_category,
    vat_share
from current_rows
