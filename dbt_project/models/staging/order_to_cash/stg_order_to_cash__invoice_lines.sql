-- Text and subtotals (BT-X-8) are printed among the lines and invoice nothing.
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
    vat_share,
    price_base_quantity,
    price_base_unit,
    period_start_date,
    period_end_date,
    is_free,
    buyers_item_id,
    standard_item_id,
    item_class,
    origin_country,
    line_kind
from current_rows
where coalesce(line_kind, 'detail') = 'detail' and net_amount is not null
