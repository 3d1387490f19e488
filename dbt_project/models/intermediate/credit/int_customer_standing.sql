-- What outranks every advice to sell to a customer: insolvent, blocked, ended, written off lately, refused, and its limit. The limit is that
-- of the master, else that of the latest valid credit report. A decision on a deal is one on its customer; the latest one holds.
with night as (
    select * from {{ ref('stg_company__night') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

declared as (
    select
        max(case when fact = 'written_off' then threshold end) as written_off_days,
        max(case when fact = 'refused' then threshold end) as refused_days
    from {{ ref('action_facts') }}
),

losses as (
    select
        losses.customer_id,
        max(case when losses.is_insolvency then 1 else 0 end) = 1 as is_insolvent,
        sum(losses.amount) as written_off_amount,
        sum(case when {{ days_between('losses.loss_date', 'night.report_date') }} <= declared.written_off_days then losses.amount else 0 end)
            as recent_loss_amount
    from {{ ref('int_losses_realised') }} as losses
    cross join night
    cross join declared
    group by 1
),

decisions as (
    select
        coalesce(decisions.customer_id, deals.customer_id) as customer_id,
        decisions.decided_date,
        decisions.outcome = 'refuse' and {{ days_between('decisions.decided_date', 'night.report_date') }} <= declared.refused_days as is_refusal,
        decisions.requested_amount,
        row_number() over (
            partition by coalesce(decisions.customer_id, deals.customer_id) order by decisions.decided_date desc, decisions.decision_id desc
        ) as latest_rank
    from {{ ref('fct_credit_decisions') }} as decisions
    cross join night
    cross join declared
    left join {{ ref('fct_opportunities') }} as deals on decisions.opportunity_id = deals.opportunity_id
),

reports as (
    select
        assessments.customer_id,
        {{ latest_value('assessments.credit_limit_amount', 'assessments.assessed_date') }} as credit_limit_amount
    from {{ ref('fct_credit_assessments') }} as assessments
    cross join night
    where assessments.valid_until_date is null or night.report_date < assessments.valid_until_date
    group by 1
)

select
    customers.customer_id,
    coalesce(losses.is_insolvent, false) as is_insolvent,
    customers.is_blocked and coalesce(customers.blocked_date <= night.report_date, true) as is_blocked,
    customers.ended_date,
    cast(coalesce(losses.written_off_amount, 0) as decimal(18, 4)) as written_off_amount,
    cast(coalesce(losses.recent_loss_amount, 0) as decimal(18, 4)) as recent_loss_amount,
    case when decisions.is_refusal then decisions.decided_date end as credit_refused_date,
    case when decisions.is_refusal then cast(decisions.requested_amount as decimal(18, 4)) end as credit_refused_amount,
    cast(coalesce(customers.credit_limit_amount, reports.credit_limit_amount) as decimal(18, 4)) as credit_limit_amount
from customers
cross join night
left join losses on customers.customer_id = losses.customer_id
left join decisions on customers.customer_id = decisions.customer_id and decisions.latest_rank = 1
left join reports on customers.customer_id = reports.customer_id
