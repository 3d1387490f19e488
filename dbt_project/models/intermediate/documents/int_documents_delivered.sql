-- Documents as companies deliver them: invoices with all that stands on them, and items of the receivables ledger without one.
{{ config(materialized='view') }}

with invoices as (
    select * from {{ ref('stg_order_to_cash__invoices') }}
),

items as (
    select * from {{ ref('int_open_items') }} where item_type <> 'payment'
)

select * from invoices
union all by name
select
    item_id as invoice_id,
    item_type as document_type,
    item_type as delivered_document_type,
    customer_id,
    issued_date,
    due_date,
    currency,
    amount as gross_amount,
    salesperson_id,
    payment_terms_days,
    abs(amount) as delivered_gross_amount
from items
where item_id not in (select invoices.invoice_id from invoices)
