with night as (
    select * from {{ ref('stg_company__night') }}
),

orders as (
    select * from {{ ref('stg_order_to_cash__orders') }}
),

customers as (
    select * from {{ ref('stg_order_to_cash__customers') }}
)

select
    orders.order_id,
    orders.customer_id,
    customers.customer_id is not null as is_known_customer,
    orders.ordered_at,
    {{ local_date('orders.ordered_at', 'night.time_zone') }} as ordered_date,
    orders.currency,
    orders.customer_order_number,
    coalesce(orders.salesperson_id, customers.account_owner_id, 'unknown') as salesperson_id,
    orders.opportunity_id,
    orders.payment_terms_days,
    orders.channel,
    orders.requested_delivery_date,
    orders.status,
    case
        when {{ local_date('orders.cancelled_at', 'night.time_zone') }} <= night.report_date
            then {{ local_date('orders.cancelled_at', 'night.time_zone') }}
    end as cancelled_date
from orders
cross join night
left join customers on orders.customer_id = customers.customer_id
where {{ local_date('orders.ordered_at', 'night.time_zone') }} <= night.report_date
