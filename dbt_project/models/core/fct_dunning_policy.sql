with night as (
    select * from {{ ref('stg_company__night') }}
),

dunning_policy as (
    select * from {{ ref('stg_credit__dunning_policy') }}
)

select
    dunning_policy.size_class,
    dunning_policy.dunning_level,
    dunning_policy.valid_from_date,
    dunning_policy.valid_until_date,
    dunning_policy.after_days,
    dunning_policy.channel,
    dunning_policy.tone,
    dunning_policy.department,
    dunning_policy.cost_amount
from dunning_policy
cross join night
where dunning_policy.valid_from_date <= night.report_date
