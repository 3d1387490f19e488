-- What payments take back, to the receipt at the head of their chain: a reversal (-) that is itself taken back in full (+), without saying where
-- its money goes, is restored on that day, and what takes the restoring payment back takes back the receipt once more.
with recursive payments as (
    select * from {{ ref('int_payments_valued') }}
),

allocated as (
    select distinct payment_id from {{ ref('int_applications_delivered') }} where payment_id is not null
),

-- What the ledger took back itself is not undone twice.
taken as (
    select
        payment_id,
        sum(payment_amount) as taken_amount
    from {{ ref('int_payments_taken') }}
    group by payment_id
),

reversals as (
    select
        payments.payment_id,
        payments.received_date,
        payments.currency,
        payments.document_amount,
        greatest(-payments.document_amount + coalesce(taken.taken_amount, 0), 0) as reversed_amount,
        reversed.payment_id as reversed_payment_id
    from payments
    left join taken on payments.payment_id = taken.payment_id
    inner join payments as reversed
        on payments.reverses_payment_id = reversed.payment_id and payments.currency = reversed.currency and reversed.document_amount > 0
    where payments.document_amount < 0
),

restored as (
    select
        reversals.payment_id,
        payments.payment_id as restoring_payment_id,
        payments.received_date as restored_date
    from reversals
    inner join payments
        on
            reversals.payment_id = payments.reverses_payment_id and payments.currency = reversals.currency
            and payments.document_amount >= -reversals.document_amount
    where payments.payment_id not in (select allocated.payment_id from allocated)
    qualify row_number() over (partition by reversals.payment_id order by payments.received_date, payments.payment_id) = 1
),

chained as (
    select
        payment_id,
        reversed_payment_id as receipt_id
    from reversals
    where reversed_payment_id not in (select restored.restoring_payment_id from restored)
    union all
    select
        reversals.payment_id,
        chained.receipt_id
    from chained
    inner join restored on chained.payment_id = restored.payment_id
    inner join reversals on restored.restoring_payment_id = reversals.reversed_payment_id
),

amounts as (
    select
        chained.payment_id,
        chained.receipt_id,
        reversals.received_date,
        reversals.reversed_amount,
        restored.restoring_payment_id,
        restored.restored_date
    from chained
    inner join reversals on chained.payment_id = reversals.payment_id
    left join restored on chained.payment_id = restored.payment_id
),

-- What another reversal of the receipt undid and was restored by then is no part of the line: its money lies with what restored it.
standing as (
    select
        amounts.payment_id,
        coalesce(
            max_by(earlier.restoring_payment_id, earlier.restored_date) filter (where earlier.restored_date <= amounts.received_date),
            amounts.receipt_id
        ) as holding_payment_id,
        coalesce(sum(earlier.reversed_amount) filter (where coalesce(earlier.restored_date > amounts.received_date, true)), 0) as standing_amount
    from amounts
    left join amounts as earlier
        on
            amounts.receipt_id = earlier.receipt_id
            and (earlier.received_date, earlier.payment_id) < (amounts.received_date, amounts.payment_id)
    group by amounts.payment_id, amounts.receipt_id
)

select
    amounts.*,
    standing.holding_payment_id,
    standing.standing_amount + amounts.reversed_amount as reversed_until
from amounts
inner join standing on amounts.payment_id = standing.payment_id
