-- What a receipt that is not applied may settle, the best first: matched by its own evidence where the ledger has not applied it yet, named in
-- its text, of its amount, the oldest of its payer.
with receipts as (
    select * from {{ ref('int_receipts_unapplied') }}
),

open_documents as (
    select
        events.invoice_id,
        min(invoices.customer_id) as customer_id,
        min(invoices.currency) as currency,
        min(invoices.due_date) as due_date,
        min(invoices.issued_date) as issued_date,
        sum(events.document_amount) as open_amount
    from {{ ref('fct_receivable_events') }} as events
    inner join {{ ref('fct_invoices') }} as invoices on events.invoice_id = invoices.invoice_id
    group by events.invoice_id
    having sum(events.document_amount) > 0
),

matches as (
    select * from {{ ref('int_cash_matches') }}
),

named as (
    select * from {{ ref('int_match_names') }}
),

-- Of each payer the three oldest, what has the amount itself, and what the receipt names or matches, of whomever it is.
oldest as (
    select
        *,
        row_number() over (partition by customer_id, currency order by due_date, issued_date, invoice_id) as age_rank
    from open_documents
),

candidates as (
    select receipts.payment_id, oldest.invoice_id, 4 as place, 'oldest_open' as suggestion
    from receipts
    inner join oldest on receipts.customer_id = oldest.customer_id and receipts.currency = oldest.currency and oldest.age_rank <= 3
    where receipts.customer_id <> 'unknown'
    union all
    select receipts.payment_id, open_documents.invoice_id, 3, 'same_amount'
    from receipts
    inner join open_documents
        on
            receipts.currency = open_documents.currency and receipts.unapplied_amount = open_documents.open_amount
            and (receipts.customer_id = open_documents.customer_id or receipts.customer_id = 'unknown')
    union all
    select payment_id, invoice_id, 2, 'named_other_amount' from named
    union all
    select payment_id, invoice_id, 1, 'matched' from matches
),

best as (
    select
        payment_id,
        invoice_id,
        min(place) as place,
        min_by(suggestion, place) as suggestion
    from candidates
    group by payment_id, invoice_id
)

select
    best.payment_id,
    receipts.unapplied_amount,
    best.invoice_id,
    open_documents.due_date,
    open_documents.open_amount,
    best.suggestion,
    row_number() over (partition by best.payment_id order by best.place, open_documents.due_date, open_documents.invoice_id) as suggestion_rank
from best
inner join receipts on best.payment_id = receipts.payment_id
inner join open_documents on best.invoice_id = open_documents.invoice_id
