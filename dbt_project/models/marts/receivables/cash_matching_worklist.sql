-- What came in and is not applied, with up to three documents that it may settle and why.
with receipts as (
    select * from {{ ref('int_receipts_unapplied') }}
),

suggested as (
    select * from {{ ref('int_cash_suggestions') }} where suggestion_rank <= 3
)

select
    receipts.payment_id,
    coalesce(suggested.suggestion_rank, 0) as suggestion_rank,
    receipts.customer_id,
    receipts.salesperson_id,
    receipts.received_date,
    receipts.currency,
    cast(receipts.document_amount as decimal(18, 4)) as receipt_amount,
    cast(receipts.unapplied_amount as decimal(18, 4)) as unapplied_amount,
    receipts.payer_iban,
    receipts.counterparty_name,
    receipts.reference_text,
    suggested.invoice_id,
    suggested.due_date,
    cast(suggested.open_amount as decimal(18, 4)) as open_amount,
    coalesce(suggested.suggestion, case when receipts.customer_id = 'unknown' then 'payer_not_known' else 'nothing_open' end) as suggestion
from receipts
left join suggested on receipts.payment_id = suggested.payment_id
