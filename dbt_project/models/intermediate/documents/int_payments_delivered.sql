-- Payments as companies deliver them, and receipts among the items of the receivables ledger.
{{ config(materialized='view') }}

with payments as (
    select * from {{ ref('stg_order_to_cash__payments') }}
),

items as (
    select * from {{ ref('int_open_items') }} where item_type = 'payment'
)

select
    payment_id,
    received_date,
    amount,
    currency,
    customer_id,
    payer_iban,
    reference_text,
    bank_account,
    is_reversal_of
from payments
union all
select
    item_id,
    issued_date,
    -amount,
    currency,
    customer_id,
    null,
    null,
    null,
    null
from items
where item_id not in (select payments.payment_id from payments)
