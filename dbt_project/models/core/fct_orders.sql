with night as (
    select * from {{ ref('stg_company__night') }}
),

customer_ids as (
    select * from {{ ref('int_customer_ids') }}
),

orders as (
    select orders.* replace (coalesce(customer_ids.customer_id, orders.customer_id) as customer_id)
    from {{ ref('stg_order_to_cash__orders') }} as orders
    left join customer_ids on orders.customer_id = customer_ids.delivered_customer_id
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
    orders.payment_terms_id,
    orders.invoice_currency,
    orders.invoice_rate,
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
