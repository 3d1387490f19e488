-- What happened to receivables in a month, at the rate at which each event was booked.
with events as (
    select * from {{ ref('fct_receivable_events') }} where not is_held_out
),

items as (
    select * from {{ ref('int_receivable_items_settled') }}
),

write_offs as (
    select * from {{ ref('fct_write_offs') }} where recovered_date is not null and has_known_invoice
),

flows as (
    select
        {{ month_start('events.event_date') }} as month_start_date,
        events.salesperson_id,
        items.industry_code,
        items.size_class,
        case when events.event_type in ('cash_applied', 'reversed') then -events.amount end as collected_amount,
        case
            when events.event_type in ('cash_applied', 'reversed')
                then -events.amount * {{ days_between('items.issued_date', 'events.event_date') }}
        end as collected_amount_days,
        case when events.event_type = 'written_off' then -events.amount end as written_off_amount,
        case when events.event_type in ('written_off', 'discount_taken', 'fx_booked') then -events.amount end as uncollected_amount,
        cast(null as decimal(18, 4)) as recovered_amount
    from events
    inner join items on events.invoice_id = items.invoice_id
    where events.event_type in ('cash_applied', 'reversed', 'written_off', 'discount_taken', 'fx_booked')
    union all
    select
        {{ month_start('write_offs.recovered_date') }},
        write_offs.salesperson_id,
        items.industry_code,
        items.size_class,
        null,
        null,
        null,
        null,
        write_offs.recovered_amount
    from write_offs
    inner join items on write_offs.invoice_id = items.invoice_id
)

select
    month_start_date,
    salesperson_id,
    industry_code,
    size_class,
    coalesce(sum(collected_amount), 0) as collected_amount,
    coalesce(sum(collected_amount_days), 0) as collected_amount_days,
    coalesce(sum(written_off_amount), 0) as written_off_amount,
    coalesce(sum(uncollected_amount), 0) as uncollected_amount,
    coalesce(sum(recovered_amount), 0) as recovered_amount
from flows
group by 1, 2, 3, 4
