-- Receipts that name nothing of their payer, in the order in which they came, beside the documents that nothing else settles, the oldest
-- first: a list of each per payer.
with settled as (
    select payment_id, invoice_id from {{ ref('int_matches_numbered') }}
    union all
    select payment_id, invoice_id from {{ ref('int_matches_decided') }}
),

rejected as (
    select
        payment_id,
        list(invoice_id) as invoice_ids
    from {{ ref('stg_order_to_cash__match_decisions') }}
    where decision = 'rejected'
    group by payment_id
),

payers as (
    select
        payers.pool_id,
        receipts.currency,
        list({
            'payment_id': receipts.payment_id, 'day': receipts.received_date, 'amount': receipts.amount,
            'rejected': coalesce(rejected.invoice_ids, [])
        } order by receipts.received_date, receipts.payment_id) as receipts
    from {{ ref('int_match_receipts') }} as receipts
    inner join {{ ref('int_receipt_payers') }} as payers on receipts.payment_id = payers.payment_id
    left join rejected on receipts.payment_id = rejected.payment_id
    where
        payers.pool_id is not null
        and receipts.payment_id not in (select settled.payment_id from settled)
        and receipts.payment_id not in (select names.payment_id from {{ ref('int_match_names') }} as names where names.is_own)
    group by payers.pool_id, receipts.currency
),

-- Both sides are listed by themselves, and a list is sorted once it is whole: an aggregate that sorts holds each row many times over.
owing as (
    select
        items.pool_id,
        items.currency,
        list_transform(
            list_sort(list({
                'due_day': coalesce(items.due_date, date '9999-12-31'), 'issued_day': items.issued_date, 'invoice_id': items.invoice_id,
                'from_day': items.owed_from_date, 'amount': items.owed_amount, 'until_day': items.owed_until_date
            })),
            lambda item: {'invoice_id': item.invoice_id, 'from_day': item.from_day, 'until_day': item.until_day, 'amount': item.amount}
        ) as items
    from {{ ref('int_match_items') }} as items
    inner join payers on items.pool_id = payers.pool_id and items.currency = payers.currency
    where items.owed_amount > 0 and items.invoice_id not in (select settled.invoice_id from settled)
    group by items.pool_id, items.currency
)

select
    payers.pool_id,
    payers.currency,
    payers.receipts,
    owing.items
from payers
inner join owing on payers.pool_id = owing.pool_id and payers.currency = owing.currency
