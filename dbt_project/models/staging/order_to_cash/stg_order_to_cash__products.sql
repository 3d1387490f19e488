with current_rows as (
    {{ current_rows('products', keeps_closed=true) }}
)

select
    product_id,
    name,
    family,
    is_core,
    list_price_amount,
    unit_cost_amount,
    currency,
    kind,
    quantity_tolerance_share,
    vat_category,
    vat_share
from current_rows
