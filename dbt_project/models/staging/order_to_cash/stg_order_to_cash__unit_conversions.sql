with current_rows as (
    {{ current_rows('unit_conversions') }}
)

select
    product_id,
    unit,
    base_quantity
from current_rows
