-- What became of each open invoice or instalment within the month after a month end: cash, loss, credit, or still open, then in another bucket. Lost is
-- what was written off and what is more than 365 days late; credited is what ended without cash and without loss (credit notes, discounts, set-offs).
{%- set lost_days = 365 %}
with open_items as (
    select * from {{ ref('int_invoices_open_monthly') }} where not is_held_out and open_amount > 0
),

events as (
    select
        {{ month_start('event_date') }} as month_start_date,
        invoice_id,
        coalesce(instalment_number, '') as instalment_number,
        sum(case when event_type in ('cash_applied', 'reversed') then -amount else 0 end) as paid_amount,
        sum(case when event_type = 'written_off' then -amount else 0 end) as written_off_amount,
        sum(case when event_type not in ('invoiced', 'cash_applied', 'reversed', 'written_off') then -amount else 0 end) as credited_amount
    from {{ ref('int_receivable_events_due') }}
    where item_class = 'invoice' and not is_held_out
    group by 1, 2, 3
),

months as (
    select * from {{ ref('dim_months') }} where is_complete
)

select
    months.month_start_date,
    opening.invoice_id,
    coalesce(opening.instalment_number, '') as instalment_number,
    opening.bucket as from_bucket,
    closing.bucket as to_bucket,
    opening.open_amount as opening_amount,
    cast(coalesce(events.paid_amount, 0) as decimal(18, 4)) as paid_amount,
    cast(coalesce(events.credited_amount, 0) as decimal(18, 4)) as credited_amount,
    cast(coalesce(events.written_off_amount, 0) + case when closing.late_days > {{ lost_days }} then closing.open_amount else 0 end as decimal(18, 4)) as lost_amount,
    cast(case when closing.late_days > {{ lost_days }} then 0 else coalesce(closing.open_amount, 0) end as decimal(18, 4)) as open_amount
from open_items as opening
inner join months on opening.month_start_date = {{ months_later('months.month_start_date', -1) }}
left join open_items as closing
    on
        months.month_start_date = closing.month_start_date
        and opening.invoice_id = closing.invoice_id
        and coalesce(opening.instalment_number, '') = coalesce(closing.instalment_number, '')
left join events
    on
        months.month_start_date = events.month_start_date
        and opening.invoice_id = events.invoice_id
        and coalesce(opening.instalment_number, '') = events.instalment_number
where opening.late_days <= {{ lost_days }}
