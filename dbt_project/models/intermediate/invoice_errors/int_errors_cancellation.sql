-- Invoices of orders that were cancelled before.
with cancelled_orders as (
    select * from {{ ref('fct_orders') }} where cancelled_date is not null
),

invoices as (
    select * from {{ ref('int_invoices_valued') }} where document_class = 'invoice'
),

invoice_lines as (
    select * from {{ ref('fct_invoice_lines') }} where document_type in ('invoice', 'debit_note') and order_id is not null
),

cancelled_lines as (
    select
        invoice_lines.invoice_id,
        invoice_lines.order_id,
        cancelled_orders.cancelled_date,
        sum(invoice_lines.document_net_amount) as document_net_amount
    from invoice_lines
    inner join cancelled_orders on invoice_lines.order_id = cancelled_orders.order_id
    where cancelled_orders.cancelled_date <= invoice_lines.issued_date
    group by invoice_lines.invoice_id, invoice_lines.order_id, cancelled_orders.cancelled_date
),

cancelled_documents as (
    select
        invoice_id,
        min(order_id) as order_id,
        min(cancelled_date) as cancelled_date,
        sum(document_net_amount) as document_net_amount
    from cancelled_lines
    group by invoice_id
),

cancelled as (
    select
        cancelled_documents.*,
        invoices.customer_id,
        invoices.issued_date as event_date,
        invoices.booking_rate
    from cancelled_documents
    inner join invoices on cancelled_documents.invoice_id = invoices.invoice_id
)

{{ findings('cancelled', [
    {'code': 'invoiced_after_cancellation', 'when': 'true', 'stake': 'document_net_amount',
     'evidence': "'order ' || order_id || ' was cancelled on ' || cast(cancelled_date as varchar) || ', invoiced on ' || cast(event_date as varchar)"},
]) }}
