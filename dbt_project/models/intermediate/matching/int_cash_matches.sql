-- Which receipt settles which documents, by which step and with what evidence.
with matches as (
    select * from {{ ref('int_matches_told') }}
    union all
    select * from {{ ref('int_matches_oldest') }}
),

receipts as (
    select * from {{ ref('int_match_receipts') }}
)

select
    matches.payment_id,
    matches.invoice_id,
    cast(matches.step as integer) as step,
    case matches.step
        when 0 then 'person'
        when 1 then 'reference'
        when 2 then 'numbers'
        when 3 then coalesce('numbers less ' || replace(matches.deduction, '_', ' '), 'numbers')
        when 4 then 'payer and amount'
        else 'oldest first'
    end as matched_by,
    coalesce(matches.complete_date, receipts.received_date) as matched_date,
    cast(matches.cash_amount as decimal(18, 4)) as cash_amount,
    nullif(matches.deduction, 'rounding') as deduction,
    cast(matches.deducted_amount as decimal(18, 4)) as deducted_amount,
    matches.evidence
from matches
inner join receipts on matches.payment_id = receipts.payment_id
