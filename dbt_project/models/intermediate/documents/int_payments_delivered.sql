-- Payments as companies deliver them, and receipts among the items of the receivables ledger.
{{ config(materialized='view') }}

with payments as (
    select * from {{ ref('stg_order_to_cash__payments') }}
),

items as (
    select * from {{ ref('int_open_items') }} where item_type = 'payment'
)

select * from payments
union all by name
select
    item_id as payment_id,
    issued_date as received_date,
    -amount as amount,
    currency,
    customer_id
from items
where item_id not in (select payments.payment_id from payments)
