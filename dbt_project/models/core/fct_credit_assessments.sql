with night as (
    select * from {{ ref('stg_company__night') }}
),

credit_assessments as (
    select * from {{ ref('stg_credit__credit_assessments') }}
)

select
    credit_assessments.customer_id,
    credit_assessments.assessed_date,
    credit_assessments.score,
    credit_assessments.rating,
    credit_assessments.default_probability_share,
    credit_assessments.credit_limit_amount,
    credit_assessments.report_cost_amount,
    credit_assessments.valid_until_date
from credit_assessments
cross join night
where credit_assessments.assessed_date <= night.report_date
