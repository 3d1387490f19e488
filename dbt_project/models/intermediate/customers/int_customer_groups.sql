-- A group is named by the top of its chain of owners, delivered as a customer or not. A chain that leads back into itself has no top:
-- its customers stand alone.
with recursive customers as (
    select * from {{ ref('dim_customers') }}
),

owners as (
    select
        customer_id,
        parent_customer_id
    from customers
    where parent_customer_id is not null and parent_customer_id <> customer_id
),

chains as (
    select
        customer_id,
        parent_customer_id as owner_id,
        1 as step_number
    from owners
    union all
    select
        chains.customer_id,
        owners.parent_customer_id,
        chains.step_number + 1
    from chains
    inner join owners on chains.owner_id = owners.customer_id
    where chains.step_number < 10
),

tops as (
    select
        chains.customer_id,
        chains.owner_id
    from chains
    left join owners on chains.owner_id = owners.customer_id
    where owners.customer_id is null
)

select
    customers.customer_id,
    customers.parent_customer_id,
    coalesce(tops.owner_id, customers.customer_id) as customer_group_id,
    count(*) over (partition by coalesce(tops.owner_id, customers.customer_id)) as group_customer_count
from customers
left join tops on customers.customer_id = tops.customer_id
