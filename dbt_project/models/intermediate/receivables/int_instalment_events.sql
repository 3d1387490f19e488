-- What changes documents with instalments, instalment by instalment: cash settles the one that it names, else the oldest first. The
-- instalments lie one after another on a line that what is settled runs along; each takes what lies within its own stretch. Money
-- of an event goes over its instalments on the cumulative, so that they sum to the event.
with schedule as (
    select * from {{ ref('fct_payment_schedule') }}
),

events as (
    select * from {{ ref('fct_receivable_events') }}
    where invoice_id in (select schedule.invoice_id from schedule)
),

named as (
    select * from {{ ref('int_instalment_events_named') }}
),

named_totals as (
    select
        invoice_id,
        instalment_number,
        sum(document_amount) as document_amount
    from named
    group by 1, 2
),

lengths as (
    select
        schedule.*,
        sign(schedule.document_gross_amount) as direction,
        greatest(abs(schedule.document_gross_amount) + sign(schedule.document_gross_amount) * coalesce(named_totals.document_amount, 0), 0) as length
    from schedule
    left join named_totals using (invoice_id, instalment_number)
),

stretches as (
    select
        *,
        sum(length) over (partition by invoice_id order by place rows between unbounded preceding and current row) - length as start
    from lengths
),

running as (
    select
        *,
        sum(document_amount) over (partition by invoice_id order by event_date, source_id rows between unbounded preceding and current row) as running_amount
    from events
    where event_type not in ('invoiced', 'credited', 'adjusted') and source_id not in (select named.source_id from named)
),

-- The first stretch has no beginning and the last no end: what is paid back or paid too much lies there.
parts as (
    select events.*, schedule.instalment_number, schedule.place, schedule.document_gross_amount as part_amount
    from events
    inner join schedule on events.invoice_id = schedule.invoice_id
    where events.event_type in ('invoiced', 'credited', 'adjusted')
    union all
    select
        running.* exclude (running_amount),
        stretches.instalment_number,
        stretches.place,
        -stretches.direction * (
            {%- for amount in ['-stretches.direction * running.running_amount', '-stretches.direction * (running.running_amount - running.document_amount)'] %}
            {{ '- ' if loop.last }}greatest(
                least({{ amount }} - stretches.start, case when stretches.is_last then {{ amount }} - stretches.start else stretches.length end),
                case when stretches.place = 1 then -9999999999999 else 0 end
            )
            {%- endfor %}
        )
    from running
    inner join stretches on running.invoice_id = stretches.invoice_id
    union all
    select *, 1, document_amount from named
),

cumulated as (
    select
        *,
        sum(part_amount) over (partition by event_type, source_id order by place rows between unbounded preceding and current row) as cumulated_amount
    from parts
    where part_amount <> 0
)

select
    event_type, source_id, event_date, invoice_id, instalment_number, customer_id, salesperson_id, currency, is_held_out,
    cast(part_amount as decimal(18, 4)) as document_amount,
    case
        when amount = document_amount then cast(part_amount as decimal(18, 4))
        else {{ rounded_part(
            'cast(amount as decimal(38, 4))',
            'cast(abs(cumulated_amount - part_amount) as decimal(18, 4))', 'cast(abs(cumulated_amount) as decimal(18, 4))', 'abs(document_amount)'
        ) }}
    end as amount
from cumulated
