with current_rows as (
    {{ current_rows('price_agreements') }}
)

select
    agreement_id,
    customer_id,
    product_id,
    family,
    valid_from_date,
    valid_until_date,
    net_price_amount,
    discount_share,
    minimum_quantity,
    currency,
    price_date,
    tier_basis,
    quantity_tolerance_share,
    holds_for_group
from current_rows
