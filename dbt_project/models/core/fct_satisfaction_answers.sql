with night as (
    select * from {{ ref('stg_company__night') }}
),

satisfaction_surveys as (
    select * from {{ ref('stg_customer_relations__satisfaction_surveys') }}
)

select
    satisfaction_surveys.answer_id,
    satisfaction_surveys.customer_id,
    satisfaction_surveys.answered_date,
    satisfaction_surveys.kind,
    satisfaction_surveys.score
from satisfaction_surveys
cross join night
where satisfaction_surveys.answered_date <= night.report_date
