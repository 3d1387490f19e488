-- What happened to receivables in a month, at the rate at which each event was booked; what happened to held-out invoices beside.
{%- set flows = receivable_flows() %}
with events as (
    select * from {{ ref('fct_receivable_events') }}
),

invoices as (
    select * from {{ ref('fct_invoices') }}
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
        events.is_held_out,
        case when events.event_type in ('cash_applied', 'reversed') then -events.amount end as collected_amount,
        case
            when events.event_type in ('cash_applied', 'reversed')
                then -events.amount * {{ days_between('items.issued_date', 'events.event_date') }}
        end as collected_amount_days,
        case when events.event_type = 'written_off' then -events.amount end as written_off_amount,
        case when events.event_type in {{ uncollected_events() }} then -events.amount end as uncollected_amount,
        cast(null as decimal(18, 4)) as recovered_amount
    from events
    inner join items on events.invoice_id = items.invoice_id
    where events.event_type in ('cash_applied', 'reversed') or events.event_type in {{ uncollected_events() }}
    union all
    select
        {{ month_start('write_offs.recovered_date') }},
        write_offs.salesperson_id,
        items.industry_code,
        items.size_class,
        invoices.is_held_out,
        null,
        null,
        null,
        null,
        write_offs.recovered_amount
    from write_offs
    inner join items on write_offs.invoice_id = items.invoice_id
    inner join invoices on write_offs.invoice_id = invoices.invoice_id
)

select
    month_start_date,
    salesperson_id,
    industry_code,
    size_class,
    {%- for flow in flows %}
    coalesce(sum(case when not is_held_out then {{ flow }} end), 0) as {{ flow }},
    coalesce(sum(case when is_held_out then {{ flow }} end), 0) as held_out_{{ flow }}{{ ',' if not loop.last }}
    {%- endfor %}
from flows
group by 1, 2, 3, 4
