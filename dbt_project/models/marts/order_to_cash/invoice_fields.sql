-- What electronic documents say and no entity holds, document by document: nothing that stands in one is lost.
with fields as (
    select * from {{ ref('stg_order_to_cash__invoice_fields') }}
),

invoices as (
    select * from {{ ref('fct_invoices') }}
)

select
    fields.invoice_id,
    invoices.customer_id,
    invoices.issued_date,
    fields.field_path,
    fields.occurrences as occurrence_count,
    fields.value_text
from fields
left join invoices on fields.invoice_id = invoices.invoice_id
