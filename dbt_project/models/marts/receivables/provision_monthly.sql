-- Without payments nothing is known to be unpaid, and there is no row.
with coverage as (
    {{ settlement_coverage() }}
),

loss_rates as (
    select * from {{ ref('int_loss_rates_monthly') }}
),

exposures as (
    select
        month_start_date,
        bucket,
        sum(exposure_amount) as exposure_amount,
        sum(insured_amount) as insured_amount
    from {{ ref('int_bucket_exposures_monthly') }}
    group by 1, 2
),

months as (
    select * from {{ ref('dim_months') }}
),

joined as (
    select
        loss_rates.*,
        months.is_complete,
        coalesce(exposures.exposure_amount, 0) as exposure_amount,
        coalesce(exposures.insured_amount, 0) as insured_amount
    from loss_rates
    cross join coverage
    inner join months on loss_rates.month_start_date = months.month_start_date
    left join exposures on loss_rates.month_start_date = exposures.month_start_date and loss_rates.bucket = exposures.bucket
)

select
    month_start_date,
    bucket,
    cast(bucket_rank as integer) as bucket_rank,
    is_complete,
    cast(cohort_amount as decimal(18, 4)) as cohort_amount,
    cast(cohort_diluted_amount as decimal(18, 4)) as cohort_diluted_amount,
    cast(reached_amount as decimal(18, 4)) as reached_amount,
    cast(paid_amount as decimal(18, 4)) as paid_amount,
    cast(never_paid_amount as decimal(18, 4)) as never_paid_amount,
    roll_share,
    loss_share,
    cast(exposure_amount as decimal(18, 4)) as exposure_amount,
    cast(insured_amount as decimal(18, 4)) as insured_amount,
    case when reached_amount > 0 then {{ rounded_ratio(['cast(exposure_amount - insured_amount as decimal(38, 4))', 'never_paid_amount'], 'reached_amount') }} end
        as expected_loss_amount,
    case when reached_amount > 0 then {{ rounded_ratio(['cast(insured_amount as decimal(38, 4))', 'never_paid_amount'], 'reached_amount') }} end
        as insured_expected_loss_amount,
    case when reached_amount <= 0 then 'no_matured_invoices' end as loss_reason
from joined
