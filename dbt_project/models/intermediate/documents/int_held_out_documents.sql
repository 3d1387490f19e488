-- The one door to hold-out: whatever holds an invoice or a payment out of the KPIs is a branch of this union.
with documents as (
    select
        'invoice' as document_kind,
        invoice_id as document_id,
        booking_rate
    from {{ ref('int_invoices_valued') }}
    union all
    select
        'payment' as document_kind,
        payment_id as document_id,
        received_rate as booking_rate
    from {{ ref('int_payments_valued') }}
),

errors as (
    select * from {{ ref('fct_invoice_errors') }} where is_holding_out
),

reasons as (
    select
        document_kind,
        document_id,
        'missing_rate' as reason
    from documents
    where booking_rate is null
    union all
    select
        documents.document_kind,
        documents.document_id,
        errors.error_code as reason
    from errors
    inner join documents on errors.document_kind = documents.document_kind and errors.document_id = documents.document_id
)

select
    document_kind,
    document_id,
    string_agg(distinct reason, ', ' order by reason) as held_out_reason
from reasons
group by document_kind, document_id
