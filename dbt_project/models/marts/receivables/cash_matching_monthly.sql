-- How much of what came in is matched by its own evidence, by which step, and whether the ledger's own allocations say the same.
with receipts as (
    select * from {{ ref('int_match_receipts') }}
),

matches as (
    select
        payment_id,
        min(step) as step
    from {{ ref('int_cash_matches') }}
    group by 1
),

applications as (
    select
        payment_id,
        min(applied_date) as applied_date
    from {{ ref('fct_payment_applications') }}
    where document_payment_amount > 0 and not is_derived and has_known_invoice
    group by 1
),

agreed as (
    select * from {{ ref('int_matches_compared') }}
),

rows_by_receipt as (
    select
        {{ month_start('receipts.received_date') }} as month_start_date,
        case matches.step
            when 1 then 'reference' when 2 then 'numbers' when 3 then 'numbers but for cents' when 4 then 'payer and amount' else 'unmatched'
        end as matched_by,
        receipts.reporting_amount,
        agreed.is_agreed,
        {{ days_between('receipts.received_date', 'applications.applied_date') }} as days_to_apply
    from receipts
    left join matches on receipts.payment_id = matches.payment_id
    left join agreed on receipts.payment_id = agreed.payment_id
    left join applications on receipts.payment_id = applications.payment_id
)

select
    month_start_date,
    matched_by,
    count(*) as receipt_count,
    {{ money_sum('reporting_amount') }} as receipt_amount,
    count(case when is_agreed then 1 end) as agreed_count,
    count(case when not is_agreed then 1 end) as differing_count,
    {{ safe_share('count(case when is_agreed then 1 end)', 'count(is_agreed)') }} as precision_share,
    {{ safe_share('sum(days_to_apply)', 'count(days_to_apply)') }} as average_days_to_apply
from rows_by_receipt
group by 1, 2
