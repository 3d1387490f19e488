-- What settles an instalment that it names; the rounding of the amount due was taken off the last one.
with schedule as (
    select * from {{ ref('fct_payment_schedule') }}
),

events as (
    select * from {{ ref('fct_receivable_events') }}
    where invoice_id in (select schedule.invoice_id from schedule)
),

applications as (
    select * from {{ ref('fct_payment_applications') }} where instalment_number is not null
)

select
    events.*,
    schedule.instalment_number
from events
inner join applications on events.source_id = applications.application_id
inner join schedule on applications.invoice_id = schedule.invoice_id and applications.instalment_number = schedule.instalment_number
union all
select
    events.*,
    schedule.instalment_number
from events
inner join schedule on events.invoice_id = schedule.invoice_id and schedule.is_last
where events.event_type = 'rounded' and events.source_id like 'rounding:%'
