-- A document that was paid in part before it was made, and that was rounded (EN 16931: BT-113, BT-114): both are part of what is owed.
-- What is applied by the day of issue, or beyond the amount due, is the prepayment itself; only what nothing says so settles here,
-- and it makes way when the ledger says it later.
with documents as (
    select
        invoice_id,
        document_sign,
        issued_date,
        document_sign * coalesce(document_prepaid_amount, 0) as prepaid_amount,
        document_sign * coalesce(document_rounding_amount, 0) as rounding_amount,
        document_sign * (document_gross_amount - coalesce(document_prepaid_amount, 0) + coalesce(document_rounding_amount, 0)) as due_amount
    from {{ ref('int_invoices_valued') }}
    where coalesce(document_prepaid_amount, 0) <> 0 or coalesce(document_rounding_amount, 0) <> 0
),

applications as (
    select invoice_id, kind, booked_date, applied_date, document_amount from {{ ref('int_applications_delivered') }}
    union all
    select invoice_id, kind, applied_date, applied_date, document_amount from {{ ref('int_applications_reversed') }}
),

-- The day of issue counts too when nothing was applied on it.
moved as (
    select
        documents.invoice_id,
        documents.issued_date as applied_date,
        0 as applied_amount,
        0 as early_amount
    from documents
    union all
    select
        documents.invoice_id,
        applications.applied_date,
        documents.document_sign * applications.document_amount,
        case
            when applications.kind = 'prepayment' or applications.booked_date <= documents.issued_date
                then documents.document_sign * applications.document_amount
            else 0
        end
    from documents
    inner join applications on documents.invoice_id = applications.invoice_id
),

daily as (
    select
        invoice_id,
        applied_date,
        sum(sum(applied_amount)) over (partition by invoice_id order by applied_date rows between unbounded preceding and current row) as applied_amount,
        sum(sum(early_amount)) over (partition by invoice_id order by applied_date rows between unbounded preceding and current row) as early_amount
    from moved
    group by invoice_id, applied_date
),

unsaid as (
    select
        documents.invoice_id,
        documents.document_sign,
        daily.applied_date,
        greatest(documents.prepaid_amount - greatest(daily.early_amount, daily.applied_amount - documents.due_amount, 0), 0) as unsaid_amount
    from documents
    inner join daily on documents.invoice_id = daily.invoice_id
),

changes as (
    select
        invoice_id,
        applied_date,
        'prepaid' as kind,
        document_sign * (unsaid_amount - coalesce(lag(unsaid_amount) over (partition by invoice_id order by applied_date), 0)) as document_amount
    from unsaid
    union all
    select
        invoice_id,
        issued_date,
        'rounding',
        -document_sign * rounding_amount
    from documents
)

select
    kind || ':' || invoice_id || ':' || cast(applied_date as varchar) as application_id,
    kind,
    invoice_id,
    applied_date,
    cast(document_amount as decimal(18, 4)) as document_amount
from changes
where document_amount <> 0
