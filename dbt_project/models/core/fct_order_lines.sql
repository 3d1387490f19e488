with night as (
    select * from {{ ref('stg_company__night') }}
),

order_lines as (
    select * from {{ ref('stg_order_to_cash__order_lines') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
),

products as (
    select * from {{ ref('stg_order_to_cash__products') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

priced as (
    select
        order_lines.*,
        orders.customer_id,
        orders.ordered_date,
        orders.currency,
        products.product_id is not null as has_known_product,
        case when orders.currency = night.reporting_currency then cast(1 as decimal(18, 8)) else rates.rate end as booking_rate,
        {{ rounded_half_up('cast(order_lines.quantity as decimal(38, 4)) * order_lines.unit_price_amount * (1 - coalesce(order_lines.discount_share, 0))') }}
            as document_net_amount
    from order_lines
    cross join night
    inner join orders on order_lines.order_id = orders.order_id
    left join products on order_lines.product_id = products.product_id
    left join rates on orders.currency = rates.currency and orders.ordered_date = rates.valid_date
)

select
    order_id,
    line_number,
    customer_id,
    ordered_date,
    product_id,
    has_known_product,
    quantity,
    unit,
    currency,
    unit_price_amount as document_unit_price_amount,
    cast(coalesce(discount_share, 0) as decimal(9, 6)) as discount_share,
    document_net_amount,
    {{ converted('document_net_amount', 'booking_rate') }} as net_amount
from priced
