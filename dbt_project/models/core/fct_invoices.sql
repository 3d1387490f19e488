with invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

held_out as (
    select * from {{ ref('int_held_out_documents') }} where document_kind = 'invoice'
)

select
    invoices.invoice_id,
    invoices.document_type,
    invoices.document_class,
    invoices.customer_id,
    invoices.is_known_customer,
    invoices.salesperson_id,
    invoices.industry_code,
    invoices.size_class,
    invoices.issued_date,
    invoices.issued_month,
    invoices.due_date,
    invoices.delivered_due_date,
    invoices.currency,
    invoices.booking_rate,
    invoices.document_net_amount,
    invoices.document_vat_amount,
    invoices.document_gross_amount,
    invoices.net_amount,
    invoices.vat_amount,
    invoices.gross_amount,
    invoices.order_id,
    invoices.customer_order_number,
    invoices.corrects_invoice_id,
    invoices.reason_code,
    invoices.payment_terms_days,
    invoices.series,
    held_out.document_id is not null as is_held_out,
    held_out.held_out_reason
from invoices
left join held_out on invoices.invoice_id = held_out.document_id
