-- What decides how a customer with something overdue is approached: what we owe it, what it promised, what it is worth, how strong the relation is, and
-- which step of the policy it has reached. Promises of a year count.
{%- set promise_days = 365 %}
with night as (
    select * from {{ ref('stg_company__night') }}
),

overdue as (
    select * from {{ ref('overdue_customers') }}
),

customers as (
    select * from {{ ref('customer_360') }}
),

promises as (
    select
        judged.customer_id,
        count(case when judged.promise_state = 'kept' then 1 end) as kept_promise_count,
        count(case when judged.promise_state = 'broken' then 1 end) as broken_promise_count
    from {{ ref('int_promises_judged') }} as judged
    cross join night
    where judged.promised_date > night.report_date - {{ promise_days }}
    group by 1
),

complaints as (
    select
        customer_id,
        count(*) as open_complaint_count
    from {{ ref('fct_service_tickets') }}
    where kind = 'complaint' and closed_at is null
    group by 1
),

steps as (
    select * from {{ ref('int_policy_steps_due') }}
),

coverage as (
    select * from {{ ref('stg_company__entity_coverage') }} where entity = 'dunning_policy'
),

contacts as (
    select * from {{ ref('stg_company__entity_coverage') }} where entity = 'collection_activities' and is_delivered
)

select
    overdue.customer_id,
    night.report_date,
    overdue.account_owner_id,
    overdue.overdue_amount,
    overdue.oldest_late_days,
    overdue.cause,
    overdue.our_error_amount,
    overdue.cannot_pay_amount,
    overdue.promised_date,
    overdue.last_activity_date,
    contacts.entity is not null as is_contact_known,
    case when contacts.entity is not null then coalesce(promises.kept_promise_count, 0) end as kept_promise_count,
    case when contacts.entity is not null then coalesce(promises.broken_promise_count, 0) end as broken_promise_count,
    coalesce(customers.open_dispute_count, 0) as open_dispute_count,
    coalesce(complaints.open_complaint_count, 0) as open_complaint_count,
    coalesce(customers.is_insolvent, false) as is_insolvent,
    customers.value_amount,
    customers.value_tier,
    customers.average_late_days,
    customers.strength_score,
    customers.satisfaction_score,
    coalesce(coverage.is_delivered, false) as is_policy_delivered,
    steps.dunning_level,
    steps.after_days,
    steps.channel as policy_channel,
    steps.tone as policy_tone,
    steps.department as policy_department,
    coalesce(steps.is_due, false) as is_step_due
from overdue
cross join night
left join customers on overdue.customer_id = customers.customer_id
left join promises on overdue.customer_id = promises.customer_id
left join complaints on overdue.customer_id = complaints.customer_id
left join steps on overdue.customer_id = steps.customer_id
left join coverage on true
left join contacts on true
