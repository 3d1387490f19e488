-- Invoices that may be dunned, with what makes them comparable: their segment, a third of all by amount, and how late their payer was in the year before
-- (each invoice at 30 days at most, and of those due thirty days before only: that was known by then). Collected is the day on which cash settled it.
{%- set known_days, year_days = 30, 365 %}
with invoices as (
    select * from {{ ref('fct_invoices') }} where document_class = 'invoice' and not is_held_out and due_date is not null and gross_amount > 0
),

settled as (
    select * from {{ ref('int_receivable_items_settled') }}
),

events as (
    select
        invoice_id,
        max(case when event_type in ('cash_applied', 'reversed') then event_date end) as last_cash_date,
        min(event_date) as first_date
    from {{ ref('fct_receivable_events') }}
    where event_type <> 'invoiced'
    group by 1
),

customers as (
    select * from {{ ref('dim_customers') }}
),

ended as (
    select
        invoices.invoice_id,
        invoices.customer_id,
        coalesce(customers.size_class, 'unknown') as size_class,
        invoices.due_date,
        invoices.gross_amount as amount,
        settled.settled_date,
        settled.settled_date is not null and settled.settled_date = events.last_cash_date as is_collected
    from invoices
    left join settled on invoices.invoice_id = settled.invoice_id
    left join events on invoices.invoice_id = events.invoice_id
    left join customers on invoices.customer_id = customers.customer_id
),

banded as (
    select
        *,
        ntile(3) over (order by amount, invoice_id) as amount_band,
        avg(cast(least(greatest(coalesce({{ days_between('due_date', 'settled_date') }}, {{ known_days }}), 0), {{ known_days }}) as double)) over (
            partition by customer_id order by due_date
            range between interval {{ year_days }} days preceding and interval {{ known_days }} days preceding
        ) as former_late_days
    from ended
)

select
    invoice_id,
    customer_id,
    size_class,
    due_date,
    amount,
    settled_date,
    is_collected,
    cast(amount_band as integer) as amount_band,
    case when former_late_days is null then 'unknown' when former_late_days <= 5 then 'prompt' when former_late_days <= 15 then 'late' else 'very late' end
        as lateness_band
from banded
