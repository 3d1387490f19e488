-- What receipts claim by what they name. Step 1: the structured reference of one document, also in parts. Step 2: the documents named add
-- up to the cent, or the receipts that name one document alone do, to all of it or to its instalments. Step 3: the same but for what
-- the customer may keep.
with names as (
    select names.*
    from {{ ref('int_match_names') }} as names
    where
        names.payment_id not in (select decided.payment_id from {{ ref('int_matches_decided') }} as decided)
        and names.invoice_id not in (select decided.invoice_id from {{ ref('int_matches_decided') }} as decided)
),

receipts as (
    select * from {{ ref('int_match_receipts') }}
),

deductions as (
    select * from {{ ref('int_match_deductions') }}
),

instalments as (
    select
        invoice_id,
        sum(amount) over (
            partition by invoice_id order by due_date, length(instalment_number), instalment_number rows between unbounded preceding and current row
        ) as reached_amount
    from {{ ref('stg_order_to_cash__payment_schedule') }}
),

summed as (
    select
        names.*,
        receipts.received_date,
        receipts.amount,
        deductions.kind as deduction,
        deductions.deducted_amount,
        deductions.cash_amount,
        count(*) over (partition by names.payment_id) as named_count,
        sum(names.owed_amount) over (partition by names.payment_id) as named_amount
    from names
    inner join receipts on names.payment_id = receipts.payment_id
    left join deductions on names.payment_id = deductions.payment_id and names.invoice_id = deductions.invoice_id
),

-- Receipts that name one document alone and are not all of it, in the order in which they came.
parts as (
    select
        *,
        sum(amount) over (partition by invoice_id order by received_date, payment_id rows between unbounded preceding and current row) as running_amount
    from summed
    where named_count = 1 and deduction is null and owed_amount > 0
    qualify not bool_or(amount = owed_amount) over (partition by invoice_id)
),

reaching as (
    select
        parts.*,
        case
            when parts.running_amount = parts.owed_amount or instalments.invoice_id is not null then parts.received_date
        end as reached_date
    from parts
    left join (select distinct * from instalments) as instalments
        on parts.invoice_id = instalments.invoice_id and parts.running_amount = instalments.reached_amount
)

select
    payment_id as claim_id,
    payment_id,
    invoice_id,
    case when deduction is not null then 3 when has_reference and named_count = 1 then 1 else 2 end as step,
    received_date,
    received_date as complete_date,
    coalesce(cash_amount, owed_amount) as cash_amount,
    deduction,
    coalesce(deducted_amount, 0) as deducted_amount,
    evidence
from summed
where amount = named_amount or deduction is not null
union all
-- Parts wait until they add up to something that is due; those with a structured reference do not.
select
    'parts:' || invoice_id,
    payment_id,
    invoice_id,
    case when is_told_in_parts then 1 else 2 end,
    received_date,
    case
        when is_told_in_parts then received_date
        else min(reached_date) over (
            partition by invoice_id order by received_date, payment_id rows between current row and unbounded following
        )
    end,
    case
        when is_told_in_parts then least(running_amount, owed_amount) - least(running_amount - amount, owed_amount)
        when running_amount <= owed_amount then amount
        else 0
    end,
    null,
    0,
    evidence
from reaching
