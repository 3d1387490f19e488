-- By which share of its quantity an order line of a suspect order may be delivered and invoiced otherwise: by agreement, by customer, by
-- product, or because it is weighed; the largest of them holds.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

suspects as (
    select * from {{ ref('int_suspect_orders') }}
),

order_lines as (
    select order_lines.*
    from {{ ref('fct_order_lines') }} as order_lines
    inner join suspects on order_lines.order_id = suspects.order_id
),

customers as (
    select
        customer_id,
        quantity_tolerance_share
    from {{ ref('dim_customers') }}
    where quantity_tolerance_share is not null
),

products as (
    select
        product_id,
        family,
        quantity_tolerance_share
    from {{ ref('dim_products') }}
),

over_deliveries as (
    select agreements.*
    from {{ ref('int_prices_agreed') }} as agreements
    where agreements.quantity_tolerance_share is not null and agreements.product_id is not null
    union all
    select agreements.* replace (products.product_id as product_id)
    from {{ ref('int_prices_agreed') }} as agreements
    inner join products on agreements.family = products.family
    where agreements.quantity_tolerance_share is not null and agreements.product_id is null
)

select
    order_lines.order_id,
    order_lines.line_number,
    max(greatest(
        coalesce(customers.quantity_tolerance_share, 0), coalesce(products.quantity_tolerance_share, 0), coalesce(over_deliveries.quantity_tolerance_share, 0),
        case when {{ is_measured_unit('order_lines.unit') }} then parameters.measured_quantity_tolerance_share else 0 end
    )) as quantity_tolerance_share
from order_lines
cross join parameters
left join customers on order_lines.customer_id = customers.customer_id
left join products on order_lines.product_id = products.product_id
left join over_deliveries
    on
        order_lines.customer_id = over_deliveries.customer_id
        and order_lines.product_id = over_deliveries.product_id
        and order_lines.ordered_date >= over_deliveries.valid_from_date
        and order_lines.ordered_date < coalesce(over_deliveries.valid_until_date, date '9999-12-31')
group by order_lines.order_id, order_lines.line_number
