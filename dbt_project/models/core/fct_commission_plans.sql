with night as (
    select * from {{ ref('stg_company__night') }}
),

commission_plans as (
    select * from {{ ref('stg_targets__commission_plans') }}
)

select
    commission_plans.salesperson_id,
    commission_plans.valid_from_date,
    commission_plans.rate_share,
    commission_plans.basis,
    coalesce(commission_plans.commissionable, 'revenue') as commissionable
from commission_plans
cross join night
where commission_plans.valid_from_date <= night.report_date
