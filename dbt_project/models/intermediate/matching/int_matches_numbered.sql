-- Receipts that name what they settle. What one claim takes is not there for another: the earlier step wins, within it the first receipt;
-- a claim that lost one of its documents has none.
with ranked as (
    select
        *,
        first_value(claim_id) over (partition by invoice_id order by step, received_date, claim_id) = claim_id
        and first_value(claim_id) over (partition by payment_id order by step, received_date, claim_id) = claim_id as is_first
    from {{ ref('int_match_claims') }}
    where complete_date is not null and cash_amount + deducted_amount <> 0
)

select
    payment_id,
    invoice_id,
    step,
    complete_date,
    cast(cash_amount as decimal(18, 4)) as cash_amount,
    deduction,
    cast(deducted_amount as decimal(18, 4)) as deducted_amount,
    evidence
from ranked
qualify bool_and(is_first) over (partition by claim_id)
