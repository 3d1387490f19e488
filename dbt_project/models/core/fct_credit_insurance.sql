with night as (
    select * from {{ ref('stg_company__night') }}
),

credit_insurance as (
    select * from {{ ref('stg_credit__credit_insurance') }}
)

select
    credit_insurance.customer_id,
    credit_insurance.valid_from_date,
    credit_insurance.insured_limit_amount,
    credit_insurance.coverage_share,
    credit_insurance.premium_share,
    coalesce(credit_insurance.is_self_assessed, false) as is_self_assessed,
    credit_insurance.overdue_stop_days,
    credit_insurance.valid_until_date
from credit_insurance
cross join night
where credit_insurance.valid_from_date <= night.report_date
