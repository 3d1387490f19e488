with published_invoices as (
    select * from {{ source('raw', 'published_invoices') }}
)

select
    invoice_id,
    document_type,
    customer_id,
    issued_date,
    currency,
    document_net_amount,
    document_vat_amount,
    document_gross_amount,
    published_report_date
from published_invoices
