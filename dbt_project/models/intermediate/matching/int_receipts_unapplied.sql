-- The receipts of which something is not applied, with how much.
with receipts as (
    select * from {{ ref('int_receipts_matched') }}
),

unapplied as (
    select
        payment_id,
        -sum(document_amount) as unapplied_amount
    from {{ ref('int_cash_events') }}
    group by payment_id
    having sum(document_amount) < 0
)

select
    receipts.*,
    unapplied.unapplied_amount
from receipts
inner join unapplied on receipts.payment_id = unapplied.payment_id
