-- Where invoices of a month of issue ended, by how late they were on that day. What no row takes away was never paid. What is
-- held out stands beside.
with events as (
    select * from {{ ref('int_receivable_events_due') }} where item_class = 'invoice' and due_date is not null and amount is not null
)

select
    {{ month_start('events.issued_date') }} as issued_month,
    {{ month_start('events.event_date') }} as event_month,
    {{ ageing_bucket("'invoice'", 'events.due_date', 'events.event_date') }} as bucket,
    {%- for prefix, is_wanted in [('', 'not events.is_held_out'), ('held_out_', 'events.is_held_out')] %}
    sum(case when {{ is_wanted }} and events.event_type = 'invoiced' then events.amount else 0 end) as {{ prefix }}invoiced_amount,
    sum(case when {{ is_wanted }} and events.event_type in ('cash_applied', 'reversed') then -events.amount else 0 end) as {{ prefix }}paid_amount,
    sum(case when {{ is_wanted }} and events.event_type in ('credit_applied', 'discount_taken', 'fx_booked', 'withheld', 'set_off', 'bank_charged', 'rounded', 'prepaid') then -events.amount else 0 end)
        as {{ prefix }}diluted_amount{{ ',' if not loop.last }}
    {%- endfor %}
from events
group by 1, 2, 3
