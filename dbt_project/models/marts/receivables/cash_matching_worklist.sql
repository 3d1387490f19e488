-- What came in and is not applied, with up to three invoices that it may settle and why: named in its text, of its amount, the oldest
-- of its payer.
with receipts as (
    select * from {{ ref('int_match_receipts') }}
),

cash_events as (
    select
        payment_id,
        -sum(document_amount) as unapplied_amount
    from {{ ref('int_cash_events') }}
    group by 1
),

open_items as (
    select
        invoice_id,
        customer_id,
        min(due_date) as due_date,
        sum(open_amount) as open_amount
    from {{ ref('int_invoices_open') }}
    where open_amount > 0
    group by 1, 2
),

matches as (
    select * from {{ ref('int_cash_matches') }}
),

suggested as (
    select
        receipts.payment_id,
        open_items.invoice_id,
        open_items.due_date,
        open_items.open_amount,
        case
            when matches.invoice_id is not null then 'matched by its own evidence'
            when open_items.open_amount = cash_events.unapplied_amount then 'open invoice of the same amount'
            else 'oldest open invoice of the payer'
        end as reason,
        row_number() over (
            partition by receipts.payment_id
            order by
                case when matches.invoice_id is not null then 1 when open_items.open_amount = cash_events.unapplied_amount then 2 else 3 end,
                open_items.due_date, open_items.invoice_id
        ) as suggestion_rank
    from receipts
    inner join cash_events on receipts.payment_id = cash_events.payment_id and cash_events.unapplied_amount > 0
    inner join open_items on receipts.customer_id = open_items.customer_id
    left join matches on receipts.payment_id = matches.payment_id and open_items.invoice_id = matches.invoice_id
)

select
    receipts.payment_id,
    coalesce(suggested.suggestion_rank, 0) as suggestion_rank,
    coalesce(receipts.customer_id, 'unknown') as customer_id,
    receipts.received_date,
    receipts.currency,
    cast(receipts.amount as decimal(18, 4)) as receipt_amount,
    cast(cash_events.unapplied_amount as decimal(18, 4)) as unapplied_amount,
    receipts.payer_iban,
    receipts.reference_text,
    suggested.invoice_id,
    suggested.due_date,
    cast(suggested.open_amount as decimal(18, 4)) as open_amount,
    coalesce(suggested.reason, 'nothing open of a known payer') as reason
from receipts
inner join cash_events on receipts.payment_id = cash_events.payment_id and cash_events.unapplied_amount > 0
left join suggested on receipts.payment_id = suggested.payment_id and suggested.suggestion_rank <= 3
