-- Loss rate of a bucket: never paid / what reached it, of the invoices of twelve months that ended six months ago. Credits,
-- discounts and FX are dilution: they leave both sides. Learned twice: without what is held out, and with it.
{%- set amounts = ['invoiced_amount', 'paid_amount', 'diluted_amount'] %}
{%- set cohort = 'basis, month_start_date' %}
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

bases as (
    select * from (values ('kept', 0), ('all', 1)) as names (basis, held_out_weight)
),

cohorts as (
    select
        bases.basis,
        months.month_start_date,
        flows.bucket,
        {%- for amount in amounts %}
        sum(flows.{{ amount }} + bases.held_out_weight * flows.held_out_{{ amount }}) as {{ amount }}{{ ',' if not loop.last }}
        {%- endfor %}
    from months
    cross join bases
    inner join flows
        on
            flows.issued_month >= {{ months_later('months.month_start_date', -17) }}
            and flows.issued_month <= {{ months_later('months.month_start_date', -6) }}
            and flows.event_month <= months.month_start_date
    group by 1, 2, 3
),

dense as (
    select
        bases.basis,
        months.month_start_date,
        buckets.bucket,
        buckets.bucket_rank,
        {%- for amount in amounts %}
        coalesce(cohorts.{{ amount }}, 0) as {{ amount }}{{ ',' if not loop.last }}
        {%- endfor %}
    from months
    cross join buckets
    cross join bases
    left join cohorts
        on months.month_start_date = cohorts.month_start_date and buckets.bucket = cohorts.bucket and bases.basis = cohorts.basis
),

reached as (
    select
        basis,
        month_start_date,
        bucket,
        bucket_rank,
        paid_amount,
        sum(diluted_amount) over (partition by {{ cohort }}) as cohort_diluted_amount,
        sum(invoiced_amount - diluted_amount) over (partition by {{ cohort }}) as cohort_amount,
        sum(invoiced_amount - diluted_amount) over (partition by {{ cohort }})
        - (sum(paid_amount) over (partition by {{ cohort }} order by bucket_rank rows between unbounded preceding and current row) - paid_amount)
            as reached_amount,
        greatest(sum(invoiced_amount - diluted_amount - paid_amount) over (partition by {{ cohort }}), 0) as never_paid_amount
    from dense
)

select
    kept.month_start_date,
    kept.bucket,
    kept.bucket_rank,
    kept.cohort_amount,
    kept.cohort_diluted_amount,
    kept.paid_amount,
    kept.reached_amount,
    kept.never_paid_amount,
    {{ safe_share('kept.never_paid_amount', 'kept.reached_amount') }} as loss_share,
    {{ safe_share('kept.reached_amount - kept.paid_amount', 'kept.reached_amount') }} as roll_share,
    {{ safe_share('everything.never_paid_amount', 'everything.reached_amount') }} as bounded_loss_share
from reached as kept
inner join reached as everything
    on kept.month_start_date = everything.month_start_date and kept.bucket = everything.bucket and everything.basis = 'all'
where kept.basis = 'kept'
