-- Items of the receivables ledger, as documents and receipts would have come: what is cleared was settled on that day, of the others
-- what is not open any more by the day of the balance. An item is read where the company says nothing else of its settlement.
with night as (
    select * from {{ ref('stg_company__night') }}
),

items as (
    select * from {{ ref('stg_order_to_cash__open_items') }}
)

select
    items.item_id,
    coalesce(items.document_type, case when items.amount < 0 then 'credit_note' else 'invoice' end) as item_type,
    items.customer_id,
    items.issued_date,
    items.due_date,
    items.currency,
    items.amount,
    items.salesperson_id,
    items.payment_terms_days,
    coalesce(items.cleared_date, coalesce(items.balance_date, night.complete_until_date)) as settled_until_date,
    case when items.cleared_date is not null then items.amount else items.amount - coalesce(items.open_amount, items.amount) end as settled_amount
from items
cross join night
