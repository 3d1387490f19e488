-- A document or a payment is settled on the day of its last event when nothing is left of it on the report date.
with events as (
    select * from {{ ref('fct_receivable_events') }}
),

invoices as (
    select * from {{ ref('fct_invoices') }}
),

-- Without delivered settlement nothing is ever settled: no receivable may be computed at all.
gate as (
    {{ settlement_coverage() }}
),

items as (
    select
        events.invoice_id,
        case when events.invoice_id is null then events.payment_id end as payment_id,
        sum(events.document_amount) as open_document_amount,
        coalesce(sum(events.amount), 0) as open_amount,
        max(events.event_date) as last_event_date
    from events
    cross join gate
    group by 1, 2
)

select
    items.invoice_id,
    items.payment_id,
    case when items.open_document_amount = 0 and items.open_amount = 0 then items.last_event_date end as settled_date,
    coalesce(invoices.document_class, 'payment') as item_class,
    invoices.issued_date,
    invoices.due_date,
    coalesce(invoices.industry_code, 'unknown') as industry_code,
    coalesce(invoices.size_class, 'unknown') as size_class
from items
left join invoices on items.invoice_id = invoices.invoice_id
