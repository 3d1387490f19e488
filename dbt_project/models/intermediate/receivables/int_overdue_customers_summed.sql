-- What a customer owes past due on the report date, by cause and by whether anybody did something about it.
with worklist as (
    select * from {{ ref('overdue_worklist') }}
),

errors as (
    select * from {{ ref('fct_invoice_errors') }}
),

sums as (
    select
        customer_id,
        sum(open_amount) as overdue_amount,
        count(distinct invoice_id) as invoice_count,
        min(due_date) as oldest_due_date,
        max(late_days) as oldest_late_days,
        sum(case when cause = 'our_error' then open_amount else 0 end) as our_error_amount,
        sum(case when cause = 'invalid_dispute' then open_amount else 0 end) as invalid_dispute_amount,
        sum(case when cause = 'cannot_pay' then open_amount else 0 end) as cannot_pay_amount,
        sum(case when cause not in ('our_error', 'invalid_dispute', 'cannot_pay') then open_amount else 0 end) as no_reason_known_amount,
        case when count(activity_count) > 0 then count(distinct case when activity_count = 0 then invoice_id end) end as untouched_count,
        sum(case when activity_count = 0 then open_amount when activity_count > 0 then 0 end) as untouched_amount,
        max(last_contact_date) as last_contact_date
    from worklist
    group by 1
),

oldest as (
    select
        customer_id,
        invoice_id,
        row_number() over (partition by customer_id order by due_date, invoice_id) as place
    from worklist
),

-- Whoever owns the error with most at stake mends first.
menders as (
    select
        worklist.customer_id,
        errors.owner_department,
        row_number() over (partition by worklist.customer_id order by errors.stake_amount desc nulls last, errors.error_id) as place
    from worklist
    inner join errors on worklist.invoice_id = errors.invoice_id
    where worklist.cause = 'our_error' and not errors.is_approved
)

select
    sums.*,
    oldest.invoice_id as oldest_invoice_id,
    menders.owner_department as mending_department
from sums
inner join oldest on sums.customer_id = oldest.customer_id and oldest.place = 1
left join menders on sums.customer_id = menders.customer_id and menders.place = 1
