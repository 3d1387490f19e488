-- A credit note or cancellation and the document that it names, of the same customer (or of the account that took it over) and currency and of opposite signs. What is
-- itself cancelled settles nothing: its cancellation does. `direction` is 1 where the document is owed to us.
with documents as (
    select * from {{ ref('int_invoices_valued') }}
),

survivors as (
    {{ survivors(ref('stg_order_to_cash__customers')) }}
),

cancelled as (
    select distinct corrects_invoice_id as invoice_id from documents where document_class = 'credit' and corrects_invoice_id is not null
)

select
    credits.invoice_id as credit_id,
    documents.invoice_id,
    sign(documents.document_gross_amount) as direction,
    abs(credits.document_gross_amount) as credit_amount,
    abs(documents.document_gross_amount) as document_amount,
    greatest(credits.issued_date, documents.issued_date) as both_issued_date,
    row_number() over (partition by documents.invoice_id order by credits.issued_date, credits.invoice_id) as credit_rank
from documents as credits
inner join documents
    on
        credits.corrects_invoice_id = documents.invoice_id
        and credits.currency = documents.currency
        and credits.invoice_id <> documents.invoice_id
        and sign(credits.document_gross_amount) = -sign(documents.document_gross_amount)
left join cancelled on credits.invoice_id = cancelled.invoice_id
left join survivors as credited on credits.customer_id = credited.customer_id
left join survivors as billed on documents.customer_id = billed.customer_id
where coalesce(credited.survivor_id, credits.customer_id) = coalesce(billed.survivor_id, documents.customer_id)
    and credits.document_class = 'credit' and cancelled.invoice_id is null
