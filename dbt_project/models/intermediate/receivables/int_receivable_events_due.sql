-- Events of documents with what they are due on: the document as a whole, or each of its instalments.
{{ config(materialized='view') }}

with events as (
    select * from {{ ref('fct_receivable_events') }}
),

instalment_events as (
    select * from {{ ref('int_instalment_events') }}
),

schedule as (
    select * from {{ ref('fct_payment_schedule') }}
),

items as (
    select * from {{ ref('int_receivable_items_settled') }}
),

instalments as (
    select
        invoice_id,
        instalment_number,
        case when sum(document_amount) = 0 and coalesce(sum(amount), 0) = 0 then max(event_date) end as settled_date
    from instalment_events
    group by 1, 2
),

parts as (
    select
        events.event_type,
        events.source_id,
        events.event_date,
        events.invoice_id,
        cast(null as varchar) as instalment_number,
        events.payment_id,
        events.customer_id,
        events.salesperson_id,
        events.currency,
        events.document_amount,
        events.amount,
        events.is_held_out,
        items.settled_date,
        items.due_date
    from events
    inner join items on events.invoice_id = items.invoice_id
    where events.invoice_id not in (select schedule.invoice_id from schedule)
    union all
    select
        instalment_events.event_type,
        instalment_events.source_id,
        instalment_events.event_date,
        instalment_events.invoice_id,
        instalment_events.instalment_number,
        null,
        instalment_events.customer_id,
        instalment_events.salesperson_id,
        instalment_events.currency,
        instalment_events.document_amount,
        instalment_events.amount,
        instalment_events.is_held_out,
        instalments.settled_date,
        schedule.due_date
    from instalment_events
    inner join schedule using (invoice_id, instalment_number)
    inner join instalments using (invoice_id, instalment_number)
)

select
    parts.*,
    items.item_class,
    items.issued_date,
    items.industry_code,
    items.size_class
from parts
inner join items on parts.invoice_id = items.invoice_id
