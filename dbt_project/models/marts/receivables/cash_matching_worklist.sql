-- What came in and is not applied, with up to three documents that it may settle and why; and what went back of which nobody knows the receipt.
with receipts as (
    select * from {{ ref('int_receipts_unapplied') }}
),

suggested as (
    select * from {{ ref('int_cash_suggestions') }} where suggestion_rank <= 3
),

payments as (
    select * from {{ ref('int_payments_valued') }}
),

gone_back as (
    select
        payments.*,
        customers.account_owner_id,
        entries.counterparty_name,
        events.unapplied_amount
    from payments
    inner join (select payment_id, -sum(document_amount) as unapplied_amount from {{ ref('int_cash_events') }} group by payment_id) as events
        on payments.payment_id = events.payment_id
    left join payments as undone on payments.reverses_payment_id = undone.payment_id
    left join {{ ref('dim_customers') }} as customers on payments.customer_id = customers.customer_id
    left join {{ ref('int_bank_entries') }} as entries on payments.payment_id = entries.payment_id
    where payments.document_amount < 0 and events.unapplied_amount < 0 and undone.payment_id is null
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
union all
select
    payment_id,
    0,
    customer_id,
    coalesce(account_owner_id, 'unknown'),
    received_date,
    currency,
    cast(document_amount as decimal(18, 4)),
    cast(unapplied_amount as decimal(18, 4)),
    payer_iban,
    counterparty_name,
    reference_text,
    null,
    null,
    null,
    'receipt_not_known'
from gone_back
