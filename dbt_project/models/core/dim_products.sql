with products as (
    select * from {{ ref('stg_order_to_cash__products') }}
)

select
    product_id,
    name,
    coalesce(family, 'unknown') as family,
    coalesce(is_core, false) as is_core,
    list_price_amount,
    unit_cost_amount,
    currency,
    coalesce(kind, 'goods') as kind,
    quantity_tolerance_share,
    vat_category,
    vat_share
from products
