-- Invoices that are held out because they are not what was published: what they were then and what they are now. The next night
-- compares with the same content again, until the change is approved or taken back.
with errors as (
    select * from {{ ref('fct_invoice_errors') }} where error_code = 'changed_after_publication' and not is_approved
),

published as (
    select * from {{ ref('stg_company__published_invoices') }}
),

invoices as (
    select * from {{ ref('fct_invoices') }}
)

select
    published.invoice_id,
    published.published_report_date,
    published.document_type,
    published.customer_id,
    published.issued_date,
    published.currency,
    published.document_net_amount,
    published.document_vat_amount,
    published.document_gross_amount,
    invoices.document_gross_amount as changed_gross_amount,
    errors.stake_amount
from errors
inner join published on errors.document_id = published.invoice_id
inner join invoices on published.invoice_id = invoices.invoice_id
