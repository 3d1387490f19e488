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
        case
            when coalesce(order_lines.is_free, false) then cast(0 as decimal(28, 10))
            when coalesce(order_lines.price_base_quantity, 1) = 1
                then {{ product_to_ten_places('order_lines.unit_price_amount', '(1 - coalesce(order_lines.discount_share, 0))', 4, wide='decimal(38, 8)') }}
            else cast(
                cast(order_lines.unit_price_amount as decimal(38, 8)) * (1 - coalesce(order_lines.discount_share, 0))
                * {{ per_unit('order_lines.price_base_quantity') }} as decimal(28, 10)
            )
        end as net_unit_price_amount,
        {{ rounded_half_up('cast(order_lines.quantity as decimal(38, 4)) * net_unit_price_amount') }} as document_net_amount,
        {{ local_date('order_lines.cancelled_at', 'night.time_zone') }} as cancelled_date,
        coalesce(products.kind, 'goods') as product_kind
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
    net_unit_price_amount as document_net_unit_price_amount,
    coalesce(price_base_quantity, 1) as price_base_quantity,
    coalesce(is_free, false) as is_free,
    product_kind = 'goods' and not coalesce(is_drop_shipped, false) as is_delivery_expected,
    cancelled_date,
    document_net_amount,
    {{ converted('document_net_amount', 'booking_rate') }} as net_amount
from priced
