-- Documents as companies deliver them: invoices with all that stands on them, and items of the receivables ledger without one.
{{ config(materialized='view') }}

with invoices as (
    select * from {{ ref('stg_order_to_cash__invoices') }}
),

items as (
    select * from {{ ref('int_open_items') }} where item_type <> 'payment'
)

select
    invoice_id,
    document_type,
    customer_id,
    issued_date,
    due_date,
    currency,
    net_amount,
    vat_amount,
    gross_amount,
    order_id,
    customer_order_number,
    corrects_invoice_id,
    reason_code,
    salesperson_id,
    payment_terms_days,
    series,
    allowance_amount,
    charge_amount,
    prepaid_amount,
    rounding_amount,
    due_amount,
    delivered_net_amount,
    delivered_vat_amount,
    delivered_gross_amount
from invoices
union all
select
    item_id as invoice_id,
    item_type as document_type,
    customer_id,
    issued_date,
    due_date,
    currency,
    null as net_amount,
    null as vat_amount,
    amount as gross_amount,
    null as order_id,
    null as customer_order_number,
    null as corrects_invoice_id,
    null as reason_code,
    salesperson_id,
    payment_terms_days,
    null as series,
    null as allowance_amount,
    null as charge_amount,
    null as prepaid_amount,
    null as rounding_amount,
    null as due_amount,
    null as delivered_net_amount,
    null as delivered_vat_amount,
    abs(amount) as delivered_gross_amount
from items
where item_id not in (select invoices.invoice_id from invoices)
