-- Loss rate of a bucket: never paid / what reached it, of the invoices of twelve months that ended six months ago. Credits,
-- discounts and FX are dilution: they leave both sides.
with flows as (
    select * from {{ ref('int_bucket_flows_monthly') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

buckets as (
    select * from (
        values ('not_due', 1), ('overdue_1_30', 2), ('overdue_31_60', 3), ('overdue_61_90', 4), ('overdue_91_120', 5), ('overdue_over_120', 6)
    ) as names (bucket, bucket_rank)
),

cohorts as (
    select
        months.month_start_date,
        flows.bucket,
        sum(flows.invoiced_amount) as invoiced_amount,
        sum(flows.paid_amount) as paid_amount,
        sum(flows.diluted_amount) as diluted_amount
    from months
    inner join flows
        on
            flows.issued_month >= {{ months_later('months.month_start_date', -17) }}
            and flows.issued_month <= {{ months_later('months.month_start_date', -6) }}
            and flows.event_month <= months.month_start_date
    group by 1, 2
),

dense as (
    select
        months.month_start_date,
        buckets.bucket,
        buckets.bucket_rank,
        coalesce(cohorts.paid_amount, 0) as paid_amount,
        coalesce(cohorts.invoiced_amount, 0) as invoiced_amount,
        coalesce(cohorts.diluted_amount, 0) as diluted_amount
    from months
    cross join buckets
    left join cohorts on months.month_start_date = cohorts.month_start_date and buckets.bucket = cohorts.bucket
),

reached as (
    select
        month_start_date,
        bucket,
        bucket_rank,
        paid_amount,
        sum(diluted_amount) over (partition by month_start_date) as cohort_diluted_amount,
        sum(invoiced_amount - diluted_amount) over (partition by month_start_date) as cohort_amount,
        sum(invoiced_amount - diluted_amount) over (partition by month_start_date)
        - (sum(paid_amount) over (partition by month_start_date order by bucket_rank rows between unbounded preceding and current row) - paid_amount)
            as reached_amount,
        sum(invoiced_amount - diluted_amount - paid_amount) over (partition by month_start_date) as never_paid_amount
    from dense
)

select
    month_start_date,
    bucket,
    bucket_rank,
    cohort_amount,
    cohort_diluted_amount,
    paid_amount,
    reached_amount,
    greatest(never_paid_amount, 0) as never_paid_amount,
    {{ safe_share('greatest(never_paid_amount, 0)', 'reached_amount') }} as loss_share,
    {{ safe_share('reached_amount - paid_amount', 'reached_amount') }} as roll_share
from reached
