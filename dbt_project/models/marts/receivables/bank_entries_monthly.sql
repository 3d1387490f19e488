-- What moved each bank account in a month, told apart: receipts of customers and all the rest, so that nothing of a statement is lost.
with entries as (
    select * from {{ ref('int_bank_entries') }}
)

select
    {{ month_start('booked_date') }} as month_start_date,
    bank_account,
    currency,
    entry_kind,
    count(*) as entry_count,
    {{ money_sum('amount') }} as moved_amount
from entries
group by 1, 2, 3, 4
