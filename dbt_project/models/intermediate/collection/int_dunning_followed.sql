-- What followed on a step: the first dispute about the invoice, the customer's next purchase and its next answer on satisfaction beside the one before, and
-- the month in which it was lost. Days alone: whether a month end knew of them is for who reads it.
with steps as (
    select * from {{ ref('int_dunning_steps') }}
),

disputes as (
    select * from {{ ref('fct_disputes') }}
),

purchases as (
    select * from {{ ref('int_customer_purchase_days') }} where basis = 'kept'
),

answers as (
    select
        customer_id,
        answered_date,
        avg(score) as score
    from {{ ref('fct_satisfaction_answers') }}
    where kind in ('nps', 'csat')
    group by 1, 2
),

losses as (
    select
        customer_id,
        month_start_date
    from {{ ref('customer_months') }}
    where state = 'churned'
),

disputed as (
    select
        steps.activity_id,
        min(disputes.opened_date) as dispute_opened_date
    from steps
    inner join disputes on steps.invoice_id = disputes.invoice_id and steps.happened_date < disputes.opened_date
    group by 1
),

days as (
    select distinct
        customer_id,
        happened_date
    from steps
),

bought as (
    select
        days.customer_id,
        days.happened_date,
        min(case when purchases.purchase_date > days.happened_date then purchases.purchase_date end) as next_purchase_date,
        max(case when purchases.purchase_date <= days.happened_date then purchases.purchase_date end) as former_purchase_date
    from days
    inner join purchases on days.customer_id = purchases.customer_id
    group by 1, 2
),

answered as (
    select
        days.customer_id,
        days.happened_date,
        max(case when answers.answered_date <= days.happened_date then answers.answered_date end) as former_answer_date,
        min(case when answers.answered_date > days.happened_date then answers.answered_date end) as next_answer_date
    from days
    inner join answers on days.customer_id = answers.customer_id
    group by 1, 2
),

lost as (
    select
        days.customer_id,
        days.happened_date,
        min(losses.month_start_date) as lost_month
    from days
    inner join losses on days.customer_id = losses.customer_id and days.happened_date < losses.month_start_date
    group by 1, 2
)

select
    steps.activity_id,
    disputed.dispute_opened_date,
    bought.former_purchase_date,
    bought.next_purchase_date,
    answered.next_answer_date,
    former.score as former_score,
    later.score as next_score,
    lost.lost_month
from steps
left join disputed on steps.activity_id = disputed.activity_id
left join bought on steps.customer_id = bought.customer_id and steps.happened_date = bought.happened_date
left join answered on steps.customer_id = answered.customer_id and steps.happened_date = answered.happened_date
left join answers as former on steps.customer_id = former.customer_id and answered.former_answer_date = former.answered_date
left join answers as later on steps.customer_id = later.customer_id and answered.next_answer_date = later.answered_date
left join lost on steps.customer_id = lost.customer_id and steps.happened_date = lost.happened_date
