-- A payment that reverses another one undoes it: what is unapplied of it first, then its latest applications. What the ledger took
-- back itself is not undone twice. Both lie on one line: a stretch of the reversal undoes the stretch of the payment beside it. What
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
        payments.payment_id,
        reversed.payment_id as reversed_payment_id,
        payments.received_date,
        greatest(reversed.document_amount - coalesce(reversed_totals.taken_amount, 0), 0) as unapplied_amount,
        coalesce(reversed_totals.settled_amount, 0) as settled_amount,
        greatest(-payments.document_amount + coalesce(totals.taken_amount, 0), 0) as reversed_amount,
        sum(greatest(-payments.document_amount + coalesce(totals.taken_amount, 0), 0)) over (
            partition by reversed.payment_id order by payments.received_date, payments.payment_id rows between unbounded preceding and current row
        ) as reversed_until
    from payments
    inner join payments as reversed
        on payments.reverses_payment_id = reversed.payment_id and payments.currency = reversed.currency and reversed.document_amount > 0
    left join totals on payments.payment_id = totals.payment_id
    left join totals as reversed_totals on reversed.payment_id = reversed_totals.payment_id
    where payments.document_amount < 0
),

lines as (
    select
        reversed_payment_id,
        unapplied_amount,
        unapplied_amount + settled_amount as line_amount,
        max(reversed_until) as reversed_until
    from reversals
    group by reversed_payment_id, unapplied_amount, settled_amount
),

stretches as (
    select
        settled.payment_id as reversed_payment_id, 'applied' as stretch,
        settled.invoice_id, settled.instalment_number,
        settled.last_date,
        settled.taken_amount as stretch_amount,
        settled.document_amount,
        lines.unapplied_amount - settled.taken_amount + sum(settled.taken_amount) over (
            partition by settled.payment_id order by settled.last_date desc, settled.invoice_id desc, settled.instalment_number desc
            rows between unbounded preceding and current row
        ) as stretch_start
    from settled
    inner join lines on settled.payment_id = lines.reversed_payment_id
    where settled.taken_amount > 0
    union all
    select reversed_payment_id, 'unapplied', null, null, null, unapplied_amount, null, 0 from lines
    union all
    select lines.reversed_payment_id, 'bank_charge', null, null, null, lines.reversed_until - lines.line_amount, null, lines.line_amount
    from lines
    inner join parameters
        on lines.reversed_until > lines.line_amount and lines.reversed_until <= lines.line_amount + parameters.bank_charge_limit_amount
)

select
    reversals.payment_id,
    reversals.reversed_payment_id,
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
    ) as undone_amount
from reversals
inner join stretches on reversals.reversed_payment_id = stretches.reversed_payment_id
where
    reversals.reversed_until > stretches.stretch_start
    and reversals.reversed_until - reversals.reversed_amount < stretches.stretch_start + stretches.stretch_amount
