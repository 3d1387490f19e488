with night as (
    select * from {{ ref('stg_company__night') }}
),

customers as (
    select * from {{ ref('stg_order_to_cash__customers') }}
),

customer_ids as (
    select * from {{ ref('int_customer_ids') }}
),

price_agreements as (
    select price_agreements.* replace (coalesce(customer_ids.customer_id, price_agreements.customer_id) as customer_id)
    from {{ ref('stg_order_to_cash__price_agreements') }} as price_agreements
    left join customer_ids on price_agreements.customer_id = customer_ids.delivered_customer_id
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
    price_agreements.minimum_quantity,
    coalesce(price_agreements.currency, customers.currency, night.reporting_currency) as currency,
    coalesce(price_agreements.price_date, 'order') as price_date,
    coalesce(price_agreements.tier_basis, 'line') as tier_basis,
    price_agreements.quantity_tolerance_share,
    coalesce(price_agreements.holds_for_group, false) as holds_for_group
from price_agreements
cross join night
left join customers on price_agreements.customer_id = customers.customer_id
where price_agreements.valid_from_date <= night.report_date
