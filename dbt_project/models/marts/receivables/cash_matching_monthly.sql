-- Where the month's money came from: matched by what, or not; whether the ledger's own allocations say the same, and how long it waited.
with receipts as (
    select * from {{ ref('int_receipts_matched') }}
)

select
    {{ month_start('received_date') }} as month_start_date,
    salesperson_id,
    matched_by,
    count(*) as receipt_count,
    {{ money_sum('amount') }} as received_amount,
    count(case when is_agreed then 1 end) as agreed_count,
    count(case when not is_agreed then 1 end) as differing_count,
    {{ safe_share('count(case when is_agreed then 1 end)', 'count(is_agreed)') }} as precision_share,
    count(days_to_apply) as applied_count,
    cast(coalesce(sum(days_to_apply), 0) * 24 as bigint) as waiting_hours,
    {{ safe_share('sum(days_to_apply) * 24', 'count(days_to_apply)') }} as average_waiting_hours,
    {{ money_sum('case when is_held_out then amount end') }} as held_out_received_amount
from receipts
group by 1, 2, 3
