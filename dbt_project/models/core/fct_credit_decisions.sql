with night as (
    select * from {{ ref('stg_company__night') }}
),

credit_decisions as (
    select * from {{ ref('stg_credit__credit_decisions') }}
)

select
    credit_decisions.decision_id,
    credit_decisions.customer_id,
    credit_decisions.opportunity_id,
    credit_decisions.decided_date,
    credit_decisions.outcome,
    credit_decisions.requested_amount,
    credit_decisions.reason_code
from credit_decisions
cross join night
where credit_decisions.decided_date <= night.report_date
