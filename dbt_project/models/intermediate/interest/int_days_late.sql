-- What stood open of an invoice or instalment after its due date: each amount with the first day for which it costs interest and the day on
-- which it no longer does. The day of payment counts, the due date does not; what was credited was never owed.
with night as (
    select * from {{ ref('stg_company__night') }}
),

events as (
    select
        invoice_id,
        instalment_number,
        customer_id,
        salesperson_id,
        due_date,
        case when event_type = 'credit_applied' then least(event_date, due_date) else event_date end as event_date,
        sum(amount) as amount
    from {{ ref('int_receivable_events_due') }}
    where item_class = 'invoice' and due_date is not null and not is_held_out
    group by 1, 2, 3, 4, 5, 6
),

levels as (
    select
        events.* exclude (amount),
        sum(events.amount) over item as open_amount,
        coalesce(lead(events.event_date) over item, night.report_date) as next_date
    from events
    cross join night
    window item as (partition by events.invoice_id, events.instalment_number order by events.event_date)
)

select
    invoice_id,
    instalment_number,
    customer_id,
    salesperson_id,
    due_date,
    open_amount,
    greatest(event_date, due_date) + 1 as first_date,
    next_date + 1 as end_date
from levels
where open_amount > 0 and next_date > greatest(event_date, due_date)
