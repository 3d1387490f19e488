-- Who to call about what is overdue: customers that nobody was in touch with first, then the most euros. The cause of a customer is that
-- of most of its overdue euros. What to do next is the first that holds: our own error is mended, a promise that runs is waited for, a
-- dispute that we won is explained, who cannot pay gets a plan, whom nobody touched is called, a broken promise is held against its
-- date, after the fourth reminder the claim is handed over, and all others are called. Without activities nobody knows whom nobody touched.
with night as (
    select * from {{ ref('stg_company__night') }}
),

sums as (
    select * from {{ ref('int_overdue_customers_summed') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

touches as (
    select * from {{ ref('int_overdue_customers_touched') }}
),

people as (
    select * from {{ ref('int_contact_persons_called') }}
),

judged as (
    select
        sums.*,
        coalesce(customers.account_owner_id, 'unknown') as account_owner_id,
        coalesce(salespeople.team, 'unknown') as team,
        touches.last_activity_date,
        touches.last_activity_kind,
        touches.last_activity_department,
        touches.promised_date,
        touches.highest_dunning_level,
        night.report_date,
        people.name as contact_name,
        people.phone as contact_phone,
        case greatest(sums.our_error_amount, sums.invalid_dispute_amount, sums.cannot_pay_amount, sums.no_reason_known_amount)
            when sums.our_error_amount then 'our_error'
            when sums.invalid_dispute_amount then 'invalid_dispute'
            when sums.cannot_pay_amount then 'cannot_pay'
            else 'no_reason_known'
        end as cause
    from sums
    cross join night
    left join customers on sums.customer_id = customers.customer_id
    left join salespeople on customers.account_owner_id = salespeople.salesperson_id
    left join touches on sums.customer_id = touches.customer_id
    left join people on sums.customer_id = people.customer_id
),

advised as (
    select
        *,
        case
            when cause = 'our_error' then 'mend the invoice'
            when promised_date >= report_date then 'wait for the promise'
            when cause = 'invalid_dispute' then 'explain the decision'
            when cause = 'cannot_pay' then 'agree on a plan'
            when last_activity_date is null and untouched_count is not null then 'call first'
            when promised_date < report_date then 'call about the promise'
            when highest_dunning_level >= 4 then 'hand over'
            else 'call'
        end as next_action
    from judged
)

select
    row_number() over (order by case when last_activity_date is null then 0 else 1 end, overdue_amount desc, customer_id) as call_rank,
    customer_id,
    account_owner_id,
    team,
    cast(overdue_amount as decimal(18, 4)) as overdue_amount,
    invoice_count,
    oldest_invoice_id,
    oldest_due_date,
    oldest_late_days,
    cause,
    cast(our_error_amount as decimal(18, 4)) as our_error_amount,
    cast(invalid_dispute_amount as decimal(18, 4)) as invalid_dispute_amount,
    cast(cannot_pay_amount as decimal(18, 4)) as cannot_pay_amount,
    cast(no_reason_known_amount as decimal(18, 4)) as no_reason_known_amount,
    untouched_count,
    cast(untouched_amount as decimal(18, 4)) as untouched_amount,
    promised_date,
    coalesce(promised_date < report_date, false) as has_broken_promise,
    last_activity_date,
    last_activity_kind,
    last_activity_department,
    last_contact_date,
    next_action,
    case when next_action = 'wait for the promise' then promised_date end as next_action_date,
    case
        when next_action = 'mend the invoice' then coalesce(mending_department, 'finance')
        when next_action = 'agree on a plan' then 'credit management'
        else 'finance'
    end as by_department,
    contact_name,
    contact_phone
from advised
