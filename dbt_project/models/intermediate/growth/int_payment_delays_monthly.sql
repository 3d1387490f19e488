-- How many days after its due date each part of an invoice or instalment was settled, and whether by cash: what payers did in the 365 days up to
-- the month end, each document with a weight of one. What was credited or written off ends too, without cash, and so does, as far as anybody can
-- tell then, what is more than sixty days overdue: who stopped paying has no delays to learn from. Learned from ninety days of history on.
{%- set learned_days, first_days, lost_days = 365, 90, 60 %}
with events as (
    select * from {{ ref('int_receivable_events_due') }} where item_class = 'invoice' and not is_held_out
),

months as (
    select * from {{ ref('dim_months') }}
),

items as (
    select
        invoice_id,
        coalesce(instalment_number, '') as instalment_number,
        sum(amount) as gross_amount
    from events
    where event_type in ('invoiced', 'adjusted')
    group by 1, 2
    having sum(amount) > 0
),

settled as (
    select
        events.customer_id,
        events.size_class,
        events.event_date,
        events.event_type in ('cash_applied', 'reversed') as is_cash,
        cast(least(greatest({{ days_between('coalesce(events.due_date, events.issued_date)', 'events.event_date') }}, -60), 400) as integer) as delay_days,
        {{ safe_share('-events.amount', 'items.gross_amount') }} as settled_share
    from events
    inner join items on events.invoice_id = items.invoice_id and coalesce(events.instalment_number, '') = items.instalment_number
    where events.event_type not in ('invoiced', 'adjusted')
),

span as (
    select min(event_date) as first_date from settled
),

witnessed as (
    select
        months.month_start_date,
        settled.customer_id,
        settled.size_class,
        settled.delay_days,
        settled.settled_share,
        case when settled.is_cash then settled.settled_share else 0 end as cash_share
    from settled
    inner join months on settled.event_date <= months.month_end_date and settled.event_date > months.month_end_date - {{ learned_days }}
    union all
    select
        month_start_date,
        customer_id,
        size_class,
        401,
        1,
        0
    from {{ ref('int_invoices_open_monthly') }}
    where not is_held_out and open_amount > 0 and late_days > {{ lost_days }} and late_days <= {{ learned_days }}
)

select
    witnessed.month_start_date,
    witnessed.customer_id,
    witnessed.size_class,
    witnessed.delay_days,
    cast(sum(witnessed.settled_share) as decimal(18, 6)) as settled_share,
    cast(sum(witnessed.cash_share) as decimal(18, 6)) as cash_share
from witnessed
inner join months on witnessed.month_start_date = months.month_start_date
inner join span on span.first_date <= months.month_end_date - {{ first_days }}
group by 1, 2, 3, 4
