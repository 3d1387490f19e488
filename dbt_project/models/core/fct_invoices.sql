with invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

-- What prepayment invoices asked of a final invoice before it counts with them, at their rates, and not again.
prepaid as (
    select
        invoice_id,
        sum(net_amount) as net_amount,
        sum(gross_amount) as gross_amount
    from {{ ref('int_prepayments_invoiced') }}
    group by invoice_id
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
    cast(invoices.net_amount - coalesce(prepaid.net_amount, 0) as decimal(18, 4)) as revenue_amount,
    cast(invoices.gross_amount - coalesce(prepaid.gross_amount, 0) as decimal(18, 4)) as sales_gross_amount,
    invoices.order_id,
    invoices.customer_order_number,
    invoices.corrects_invoice_id,
    invoices.reason_code,
    invoices.payment_terms_days,
    invoices.series,
    held_out.document_id is not null as is_held_out,
    held_out.held_out_reason
from invoices
left join prepaid on invoices.invoice_id = prepaid.invoice_id
left join held_out on invoices.invoice_id = held_out.document_id
