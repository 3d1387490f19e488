-- What prepayment invoices ask, less what credits took off them, and the one subject by which final invoices find them.
with documents as (
    select * from {{ ref('int_prepayment_subjects') }} where is_asking
),

credited as (
    select
        corrects_invoice_id as invoice_id,
        sum(document_gross_amount) as credited_amount
    from {{ ref('int_invoices_valued') }}
    where document_class = 'credit' and corrects_invoice_id is not null
    group by corrects_invoice_id
)

select
    documents.* exclude (subject, is_asking, corrects_invoice_id, document_prepaid_amount),
    coalesce(documents.subject, 'document ' || documents.invoice_id) as subject,
    documents.document_gross_amount + coalesce(credited.credited_amount, 0) as asked_amount
from documents
left join credited on documents.invoice_id = credited.invoice_id
where documents.document_gross_amount + coalesce(credited.credited_amount, 0) > 0
qualify row_number() over (partition by documents.invoice_id order by documents.subject) = 1
