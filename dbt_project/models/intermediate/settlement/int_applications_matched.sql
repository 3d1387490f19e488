-- Where no ledger says what was applied, the matches of receipts do: their money, and what the payer kept of the document.
with told as (
    select payment_id, invoice_id, matched_date, cash_amount, deduction, deducted_amount from {{ ref('int_cash_matches') }}
    union all
    select payment_id, invoice_id, matched_date, cash_amount, deduction, deducted_amount from {{ ref('int_matches_returned') }}
),

matches as (
    select *
    from told
    where not exists (
        select 1 from {{ ref('stg_company__entity_coverage') }} as coverage
        where coverage.entity in ('payment_allocations', 'open_items') and coverage.is_delivered
    )
)

select
    'match:' || payment_id || ':' || invoice_id as application_id,
    'cash' as kind,
    payment_id,
    invoice_id,
    cast(null as varchar) as instalment_number,
    matched_date as booked_date,
    cash_amount as amount,
    cast(null as decimal(18, 4)) as payment_amount
from matches
where cash_amount <> 0
union all
select 'match:' || payment_id || ':' || invoice_id || ':' || deduction, deduction, payment_id, invoice_id, null, matched_date, deducted_amount, null
from matches
where deducted_amount <> 0
