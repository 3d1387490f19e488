-- What a person confirmed: the receipt settles the invoices in the order of their due dates, each as far as is said or as both have left.
with decisions as (
    select * from {{ ref('stg_order_to_cash__match_decisions') }} where decision = 'confirmed'
),

receipts as (
    select * from {{ ref('int_match_receipts') }}
),

items as (
    select * from {{ ref('int_match_items') }}
),

confirmed as (
    select
        decisions.payment_id,
        decisions.invoice_id,
        receipts.amount as receipt_amount,
        decisions.decided_by,
        receipts.received_date,
        coalesce(decisions.amount, items.owed_amount) as wanted_amount,
        items.owed_amount,
        items.due_date
    from decisions
    inner join receipts on decisions.payment_id = receipts.payment_id
    inner join items
        on
            decisions.invoice_id = items.invoice_id and receipts.currency = items.currency
            and greatest(receipts.received_date, items.issued_date) >= items.owed_from_date
            and greatest(receipts.received_date, items.issued_date) < items.owed_until_date
),

-- An invoice that several receipts settle is settled by the earliest first.
lines as (
    select
        *,
        coalesce(sum(wanted_amount) over (
            partition by payment_id order by due_date nulls last, invoice_id rows between unbounded preceding and 1 preceding
        ), 0) as receipt_start,
        coalesce(sum(least(wanted_amount, receipt_amount)) over (
            partition by invoice_id order by received_date, payment_id rows between unbounded preceding and 1 preceding
        ), 0) as invoice_start
    from confirmed
)

select
    payment_id,
    invoice_id,
    cast(least({{ part_within('receipt_amount', 'receipt_start', 'wanted_amount') }}, greatest(owed_amount - invoice_start, 0)) as decimal(18, 4)) as cash_amount,
    coalesce('confirmed by ' || decided_by, 'confirmed') as evidence
from lines
where least({{ part_within('receipt_amount', 'receipt_start', 'wanted_amount') }}, greatest(owed_amount - invoice_start, 0)) > 0
