-- The score is 100 for who pays on time or before, and loses a point for each 0.6 day late: 0 from 60 days late.
with lateness as (
    select * from {{ ref('int_payer_lateness_monthly') }}
),

rated as (
    select
        *,
        {{ safe_share('amount_days', 'amount') }} as average_late_days
    from lateness
)

select
    customer_id,
    month_start_date,
    cast(invoice_count as bigint) as invoice_count,
    cast(late_count as bigint) as late_count,
    cast(amount as decimal(18, 4)) as witnessed_gross_amount,
    cast(overdue_amount as decimal(18, 4)) as overdue_amount,
    average_late_days,
    {{ safe_share('late_count', 'invoice_count') }} as late_share,
    cast(round(100 - least(greatest(cast(average_late_days as double), 0), 60) / 0.6, 2) as decimal(9, 2)) as payer_score
from rated
