-- Customers that may pay for one another: those of a corporate group, else those of one legal entity, else each for itself.
with customers as (
    select * from {{ ref('stg_order_to_cash__customers') }}
),

tops as (
    select
        customer_id,
        max_by(owner_id, step_number) as owner_id
    from {{ ref('int_customer_owners') }}
    group by customer_id
),

owning as (
    select distinct owner_id from tops
)

select
    customers.customer_id,
    coalesce(
        tops.owner_id, owning.owner_id, 'legal entity ' || customers.legal_entity_id, customers.customer_id
    ) as pool_id
from customers
left join tops on customers.customer_id = tops.customer_id
left join owning on customers.customer_id = owning.owner_id
