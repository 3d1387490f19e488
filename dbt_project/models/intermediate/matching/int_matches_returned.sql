-- What a receipt that went back had settled until then: the documents that it names, where they add up to the cent or but for what the customer
-- may keep, and nothing else had settled them before it went back. Its reversal opens them again.
with receipts as (
    select * from {{ ref('int_receipts_told') }} where returned_date is not null
),

settled as (
    select
        invoice_id,
        min(matched_date) as matched_date
    from {{ ref('int_cash_matches') }}
    group by invoice_id
),

claims as (
    select
        names.payment_id,
        names.invoice_id,
        receipts.received_date,
        receipts.returned_date,
        receipts.amount,
        deductions.kind as deduction,
        coalesce(deductions.cash_amount, names.owed_amount) as cash_amount,
        coalesce(deductions.deducted_amount, 0) as deducted_amount,
        sum(names.owed_amount) over (partition by names.payment_id) as named_amount,
        greatest(receipts.received_date, names.issued_date) as matched_date
    from {{ ref('int_match_names') }} as names
    inner join receipts on names.payment_id = receipts.payment_id
    left join {{ ref('int_match_deductions') }} as deductions on names.payment_id = deductions.payment_id and names.invoice_id = deductions.invoice_id
),

alone as (
    select
        claims.*,
        coalesce(settled.matched_date >= claims.returned_date, true)
        and coalesce(max(claims.returned_date) over before <= claims.received_date, true) as is_free
    from claims
    left join settled on claims.invoice_id = settled.invoice_id
    where (claims.amount = claims.named_amount or claims.deduction is not null) and claims.matched_date < claims.returned_date
    window before as (
        partition by claims.invoice_id order by claims.received_date, claims.payment_id rows between unbounded preceding and 1 preceding
    )
)

select
    payment_id,
    invoice_id,
    matched_date,
    cast(cash_amount as decimal(18, 4)) as cash_amount,
    nullif(deduction, 'rounding') as deduction,
    cast(deducted_amount as decimal(18, 4)) as deducted_amount
from alone
where cash_amount + deducted_amount <> 0
qualify bool_and(is_free) over (partition by payment_id)
