-- What each customer may be charged: what it agreed itself, what one of its owners agreed, or an account that was merged into it. Where the
-- customer is empty everybody may be (general terms).
{{ config(materialized='view') }}

with agreed as (
    select agreed.* replace (coalesce(customer_ids.customer_id, agreed.customer_id) as customer_id)
    from {{ ref('stg_order_to_cash__agreed_charges') }} as agreed
    left join {{ ref('int_customer_ids') }} as customer_ids on agreed.customer_id = customer_ids.delivered_customer_id
),

customers as (
    select
        customer_id,
        merged_into_customer_id
    from {{ ref('stg_order_to_cash__customers') }}
    where merged_into_customer_id is not null
),

owners as (
    select * from {{ ref('int_customer_owners') }}
)

select * from agreed
union
select agreed.* replace (owners.customer_id as customer_id)
from agreed
inner join owners on agreed.customer_id = owners.owner_id
union
select agreed.* replace (customers.merged_into_customer_id as customer_id)
from agreed
inner join customers on agreed.customer_id = customers.customer_id
