with night as (
    select * from {{ ref('stg_company__night') }}
),

price_agreements as (
    select * from {{ ref('stg_order_to_cash__price_agreements') }}
)

select
    price_agreements.agreement_id,
    price_agreements.customer_id,
    price_agreements.product_id,
    price_agreements.family,
    price_agreements.valid_from_date,
    price_agreements.valid_until_date,
    price_agreements.net_price_amount,
    price_agreements.discount_share,
    price_agreements.minimum_quantity
from price_agreements
cross join night
where price_agreements.valid_from_date <= night.report_date
