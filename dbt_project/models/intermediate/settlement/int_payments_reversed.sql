-- A payment that reverses another one undoes it: what is unapplied of it first, then its latest applications. Both lie on one line: a stretch of the reversal undoes the stretch of the payment beside it. What
-- the bank kept beyond the payment, up to the company's limit, is its charge.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

payments as (
    select * from {{ ref('int_payments_valued') }}
),

settled as (
    select
        delivered.payment_id,
        delivered.invoice_id,
        delivered.instalment_number,
        max(delivered.applied_date) as last_date,
        sum(taken.payment_amount) as taken_amount,
        sum(delivered.document_amount) as document_amount
    from {{ ref('int_applications_delivered') }} as delivered
    inner join {{ ref('int_payments_taken') }} as taken on delivered.application_id = taken.application_id
    group by delivered.payment_id, delivered.invoice_id, delivered.instalment_number
),

totals as (
    select
        payment_id,
        sum(taken_amount) as taken_amount,
        sum(greatest(taken_amount, 0)) as settled_amount
    from settled
    group by payment_id
),

reversals as (
    select
        chained.*,
        greatest(receipts.document_amount - coalesce(totals.taken_amount, 0), 0) as unapplied_amount,
        coalesce(totals.settled_amount, 0) as settled_amount
    from {{ ref('int_reversals_chained') }} as chained
    inner join payments as receipts on chained.receipt_id = receipts.payment_id
    left join totals on chained.receipt_id = totals.payment_id
),

lines as (
    select
        receipt_id,
        unapplied_amount,
        unapplied_amount + settled_amount as line_amount,
        max(reversed_until) as reversed_until
    from reversals
    group by receipt_id, unapplied_amount, settled_amount
),

stretches as (
    select
        settled.payment_id as receipt_id, 'applied' as stretch,
        settled.invoice_id, settled.instalment_number,
        settled.last_date,
        settled.taken_amount as stretch_amount,
        settled.document_amount,
        lines.unapplied_amount - settled.taken_amount + sum(settled.taken_amount) over (
            partition by settled.payment_id order by settled.last_date desc, settled.invoice_id desc, settled.instalment_number desc
            rows between unbounded preceding and current row
        ) as stretch_start
    from settled
    inner join lines on settled.payment_id = lines.receipt_id
    where settled.taken_amount > 0
    union all
    select receipt_id, 'unapplied', null, null, null, unapplied_amount, null, 0 from lines
    union all
    select lines.receipt_id, 'bank_charge', null, null, null, lines.reversed_until - lines.line_amount, null, lines.line_amount
    from lines
    inner join parameters
        on lines.reversed_until > lines.line_amount and lines.reversed_until <= lines.line_amount + parameters.bank_charge_limit_amount
)

select
    reversals.payment_id,
    case when stretches.stretch = 'applied' then reversals.receipt_id else reversals.holding_payment_id end as reversed_payment_id,
    reversals.restoring_payment_id,
    reversals.restored_date,
    stretches.stretch,
    stretches.invoice_id,
    stretches.instalment_number,
    greatest(reversals.received_date, coalesce(stretches.last_date, reversals.received_date)) as applied_date,
    stretches.stretch_amount,
    stretches.document_amount,
    cast(
        {{ part_within('reversals.reversed_until', 'stretches.stretch_start', 'stretches.stretch_amount') }}
        - {{ part_within('reversals.reversed_until - reversals.reversed_amount', 'stretches.stretch_start', 'stretches.stretch_amount') }}
        as decimal(18, 4)
    ) as undone_amount,
    reversals.reversed_until >= stretches.stretch_start + stretches.stretch_amount as is_undone_in_full
from reversals
inner join stretches on reversals.receipt_id = stretches.receipt_id
where
    reversals.reversed_until > stretches.stretch_start
    and reversals.reversed_until - reversals.reversed_amount < stretches.stretch_start + stretches.stretch_amount
