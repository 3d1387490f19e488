-- A group is named by the top of its chain of owners, delivered as a customer or not. A chain that leads back into itself has no top:
-- its customers stand alone.
with customers as (
    select * from {{ ref('dim_customers') }}
),

owners as (
    select * from {{ ref('int_customer_owners') }}
),

tops as (
    select
        owners.customer_id,
        owners.owner_id
    from owners
    left join owners as further on owners.owner_id = further.customer_id
    where further.customer_id is null
)

select
    customers.customer_id,
    customers.parent_customer_id,
    coalesce(tops.owner_id, customers.customer_id) as customer_group_id,
    count(*) over (partition by coalesce(tops.owner_id, customers.customer_id)) as group_customer_count
from customers
left join tops on customers.customer_id = tops.customer_id
