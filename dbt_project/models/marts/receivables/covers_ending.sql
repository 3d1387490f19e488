-- Covers that end within the declared horizon without one that follows on them, the largest uninsured amount first: what is insured today is
-- not, the day after.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

covers as (
    select * from {{ ref('int_covers_valid') }} where not is_followed
),

exposures as (
    select * from {{ ref('customer_exposure') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
)

select
    covers.customer_id,
    coalesce(customers.name, covers.customer_id) as customer_name,
    customers.account_owner_id,
    covers.valid_until_date as cover_ends_date,
    cast({{ days_between('night.report_date', 'covers.valid_until_date') }} as integer) as days_left,
    covers.insured_limit_amount,
    covers.coverage_share,
    cast(coalesce(exposures.exposure_amount, 0) as decimal(18, 4)) as exposure_amount,
    cast(coalesce(exposures.insured_amount, 0) as decimal(18, 4)) as insured_amount
from covers
cross join night
cross join parameters
left join exposures on covers.customer_id = exposures.customer_id
left join customers on covers.customer_id = customers.customer_id
where covers.valid_until_date <= night.report_date + parameters.cover_ending_days
