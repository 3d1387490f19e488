-- Who may pay, and be invoiced, for whom outside its group and while: by the legal entities of both, so that a branch or an account that was
-- merged into another is the same party.
{{ config(materialized='view') }}

with third_parties as (
    select * from {{ ref('stg_order_to_cash__third_party_payers') }}
),

customer_ids as (
    select * from {{ ref('int_customer_ids') }}
),

customers as (
    select
        customer_id,
        legal_entity_id
    from {{ ref('dim_customers') }}
)

select distinct
    coalesce(customers.legal_entity_id, third_parties.customer_id) as customer_entity_id,
    coalesce(payers.legal_entity_id, third_parties.payer_customer_id) as payer_entity_id,
    third_parties.valid_from_date,
    third_parties.valid_until_date
from third_parties
left join customer_ids on third_parties.customer_id = customer_ids.delivered_customer_id
left join customers on coalesce(customer_ids.customer_id, third_parties.customer_id) = customers.customer_id
left join customer_ids as payer_ids on third_parties.payer_customer_id = payer_ids.delivered_customer_id
left join customers as payers on coalesce(payer_ids.customer_id, third_parties.payer_customer_id) = payers.customer_id
