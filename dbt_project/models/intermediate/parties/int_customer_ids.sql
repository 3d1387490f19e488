-- Which customer of the master a delivered number means that the master does not have: by an alias that the company delivers, or, for a
-- number of digits, the only customer whose number differs by leading zeros alone. Every other number means itself and has no row here.
with customers as (
    select * from {{ ref('stg_order_to_cash__customers') }}
),

aliases as (
    select * from {{ ref('stg_order_to_cash__customer_aliases') }}
),

delivered as (
    select customer_id from {{ ref('int_documents_delivered') }}
    union
    select customer_id from {{ ref('stg_order_to_cash__orders') }}
    union
    select customer_id from {{ ref('int_payments_received') }}
    union
    select customer_id from {{ ref('stg_order_to_cash__price_agreements') }}
    union
    select customer_id from {{ ref('stg_order_to_cash__agreed_charges') }}
    union
    select unnest([customer_id, payer_customer_id]) from {{ ref('stg_order_to_cash__third_party_payers') }}
),

strangers as (
    select
        delivered.customer_id,
        ltrim(delivered.customer_id, '0') as bare_number
    from delivered
    left join customers on delivered.customer_id = customers.customer_id
    where delivered.customer_id is not null and customers.customer_id is null
),

bare_numbers as (
    select
        ltrim(customer_id, '0') as bare_number,
        min(customer_id) as customer_id
    from customers
    where customer_id ~ '^[0-9]+$'
    group by ltrim(customer_id, '0')
    having count(*) = 1
)

select
    strangers.customer_id as delivered_customer_id,
    coalesce(aliases.customer_id, bare_numbers.customer_id) as customer_id
from strangers
left join aliases on strangers.customer_id = aliases.alias_id
left join bare_numbers on strangers.bare_number = bare_numbers.bare_number
where coalesce(aliases.customer_id, bare_numbers.customer_id) is not null
