-- Money of customers as companies deliver it: their payments, receipts among the items of the receivables ledger, or, where no payments
-- are delivered, what the statements of their banks say came in and was taken back.
{{ config(materialized='view') }}

with payments as (
    select * from {{ ref('stg_order_to_cash__payments') }}
),

items as (
    select * from {{ ref('int_open_items') }} where item_type = 'payment'
),

entries as (
    select * from {{ ref('int_bank_entries') }} where entry_kind in ('receipt', 'taken_back')
),

coverage as (
    select * from {{ ref('stg_company__entity_coverage') }}
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
union all by name
select
    payment_id,
    booked_date as received_date,
    amount,
    currency,
    payer_iban,
    concat_ws(' ', structured_reference, remittance_text) as reference_text,
    bank_account,
    reverses_payment_id as is_reversal_of,
    statement_id
from entries
where not exists (select 1 from coverage where coverage.entity in ('payments', 'open_items') and coverage.is_delivered)
