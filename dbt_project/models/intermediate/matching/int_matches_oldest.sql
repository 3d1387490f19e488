-- Step 5, where the company says so: what nothing tells settles the oldest documents of its payer. Receipts and what is left of the
-- documents lie on two lines, each in its order; where they lie beside one another, one settles the other. A receipt of which a person
-- rejected a match is left to that person.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

told as (
    select * from {{ ref('int_matches_told') }}
),

rejected as (
    select distinct payment_id from {{ ref('stg_order_to_cash__match_decisions') }} where decision = 'rejected'
),

taken as (
    select
        invoice_id,
        sum(cash_amount + deducted_amount) as settled_amount
    from told
    group by invoice_id
),

receipts as (
    select
        receipts.payment_id,
        payers.pool_id,
        receipts.currency,
        receipts.received_date,
        receipts.amount,
        sum(receipts.amount) over (
            partition by payers.pool_id, receipts.currency order by receipts.received_date, receipts.payment_id
            rows between unbounded preceding and current row
        ) - receipts.amount as line_start
    from {{ ref('int_match_receipts') }} as receipts
    inner join parameters on parameters.unmatched_receipts = 1
    inner join {{ ref('int_receipt_payers') }} as payers on receipts.payment_id = payers.payment_id and payers.pool_id is not null
    left join rejected on receipts.payment_id = rejected.payment_id
    where receipts.payment_id not in (select told.payment_id from told) and rejected.payment_id is null
),

items as (
    select
        items.invoice_id,
        items.pool_id,
        items.currency,
        items.issued_date,
        items.owed_amount - coalesce(taken.settled_amount, 0) as left_amount,
        sum(items.owed_amount - coalesce(taken.settled_amount, 0)) over (
            partition by items.pool_id, items.currency order by items.due_date, items.issued_date, items.invoice_id
            rows between unbounded preceding and current row
        ) - (items.owed_amount - coalesce(taken.settled_amount, 0)) as line_start
    from {{ ref('int_match_items') }} as items
    left join taken on items.invoice_id = taken.invoice_id
    where items.owed_until_date = date '9999-12-31' and items.owed_amount > coalesce(taken.settled_amount, 0)
)

select
    receipts.payment_id,
    items.invoice_id,
    5 as step,
    greatest(receipts.received_date, items.issued_date) as complete_date,
    cast(
        least(receipts.line_start + receipts.amount, items.line_start + items.left_amount) - greatest(receipts.line_start, items.line_start) as decimal(18, 4)
    ) as cash_amount,
    cast(null as varchar) as deduction,
    cast(0 as decimal(18, 4)) as deducted_amount,
    'oldest documents of the payer' as evidence
from receipts
inner join items
    on
        receipts.pool_id = items.pool_id and receipts.currency = items.currency
        and receipts.line_start < items.line_start + items.left_amount and items.line_start < receipts.line_start + receipts.amount
