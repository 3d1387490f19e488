-- Owners of a customer at any distance: its parent, the account that took it over, and theirs. A chain that leads back into itself
-- ends after fifty steps.
with recursive links as (
    select
        customer_id,
        coalesce(merged_into_customer_id, parent_customer_id) as owner_id
    from {{ ref('stg_order_to_cash__customers') }}
    where coalesce(merged_into_customer_id, parent_customer_id) <> customer_id
),

chains as (
    select
        customer_id,
        owner_id,
        1 as step_number
    from links
    union all
    select
        chains.customer_id,
        links.owner_id,
        chains.step_number + 1
    from chains
    inner join links on chains.owner_id = links.customer_id
    where chains.step_number < 50
)

select
    customer_id,
    owner_id,
    min(step_number) as step_number
from chains
group by customer_id, owner_id
