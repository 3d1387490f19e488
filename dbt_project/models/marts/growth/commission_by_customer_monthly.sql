-- Which customers a month's commission comes from, so that its change can be told by name. What a plan pays on: cash or invoices.
with commission_events as (
    select * from {{ ref('int_commission_events') }}
),

invoices as (
    select * from {{ ref('fct_invoices') }}
),

coverage as (
    {{ settlement_coverage() }}
)

select
    {{ month_start('commission_events.event_date') }} as month_start_date,
    commission_events.salesperson_id,
    coalesce(invoices.customer_id, 'unknown') as customer_id,
    count(distinct commission_events.invoice_id) as invoice_count,
    cast(sum(commission_events.commission_amount) as decimal(18, 4)) as commission_amount
from commission_events
cross join coverage
inner join invoices on commission_events.invoice_id = invoices.invoice_id
where commission_events.event_type = commission_events.basis and not commission_events.is_held_out and commission_events.commission_amount is not null
group by 1, 2, 3
