-- What a receipt can settle: invoices with what is owed on them, after what was prepaid and what credits took off; by their number
-- without its signs and leading zeros, where no other has the same.
with documents as (
    select * from {{ ref('int_invoices_valued') }}
),

credits as (
    select
        corrects_invoice_id as invoice_id,
        sum(document_gross_amount) as document_amount
    from documents
    where document_class = 'credit' and corrects_invoice_id is not null
    group by corrects_invoice_id
),

owed as (
    select
        documents.invoice_id,
        documents.customer_id,
        documents.currency,
        documents.issued_date,
        documents.due_date,
        {{ normalised_number('documents.invoice_id') }} as number_key,
        documents.document_gross_amount - coalesce(documents.document_prepaid_amount, 0) + coalesce(documents.document_rounding_amount, 0)
        + coalesce(credits.document_amount, 0) as owed_amount
    from documents
    left join credits on documents.invoice_id = credits.invoice_id
    where documents.document_class = 'invoice'
)

select
    invoice_id,
    customer_id,
    currency,
    issued_date,
    due_date,
    case when count(*) over (partition by number_key) = 1 then number_key end as number_key,
    cast(owed_amount as decimal(18, 4)) as owed_amount
from owed
where owed_amount > 0
