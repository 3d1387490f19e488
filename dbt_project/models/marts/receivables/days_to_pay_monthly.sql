with medians as (
    select * from {{ ref('int_median_days_monthly') }} where invoice_count > 0
),

months as (
    select * from {{ ref('dim_months') }}
)

select
    medians.month_start_date,
    medians.scope_type,
    medians.scope_id,
    months.is_complete,
    cast(medians.invoice_count as bigint) as invoice_count,
    cast(medians.paid_count as bigint) as paid_count,
    cast(medians.invoice_count - medians.paid_count as bigint) as censored_count,
    cast(medians.median_days as integer) as median_days_to_pay,
    cast(medians.at_least_days as integer) as median_at_least_days,
    case when medians.median_days is null then 'less_than_half_paid' end as median_reason
from medians
inner join months on medians.month_start_date = months.month_start_date
