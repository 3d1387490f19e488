-- What cash was worth on the day it came in, less what the documents stood for that it settled: realised on the day of application.
with events as (
    select * from {{ ref('fct_receivable_events') }} where not is_held_out
)

select
    {{ month_start('applied.event_date') }} as month_start_date,
    sum(allocated.amount + applied.amount) as realised_fx_amount
from events as applied
inner join events as allocated on applied.source_id = allocated.source_id and allocated.event_type = 'payment_allocated'
where applied.event_type in ('cash_applied', 'reversed')
group by 1
