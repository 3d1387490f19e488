-- Which price agreements hold for an account: those of its customer under any number, and those of its owners, each a step further. What an
-- owner agreed excuses who belongs to it; it binds them only where it says so.
with accounts as (
    {{ survivors(ref('dim_customers')) }}
),

owners as (
    select
        customer_id,
        survivor_id as owner_id,
        0 as step_number
    from accounts
    union all
    select
        owners.customer_id,
        coalesce(accounts.survivor_id, owners.owner_id) as owner_id,
        owners.step_number
    from {{ ref('int_customer_owners') }} as owners
    left join accounts on owners.owner_id = accounts.customer_id
),

nearest as (
    select
        customer_id,
        owner_id,
        min(step_number) as step_number
    from owners
    group by customer_id, owner_id
)

select
    agreements.* replace (nearest.customer_id as customer_id),
    nearest.owner_id,
    nearest.step_number,
    nearest.step_number = 0 or agreements.holds_for_group as is_binding
from {{ ref('fct_price_agreements') }} as agreements
left join accounts on agreements.customer_id = accounts.customer_id
inner join nearest on coalesce(accounts.survivor_id, agreements.customer_id) = nearest.owner_id
