-- Payments with their customer: the one that companies deliver, or the payer that the evidence of a receipt tells.
{{ config(materialized='view') }}

with payers as (
    select * from {{ ref('int_receipt_payers') }}
)

select payments.* replace (coalesce(payments.customer_id, payers.customer_id) as customer_id)
from {{ ref('int_payments_received') }} as payments
left join payers on payments.payment_id = payers.payment_id
