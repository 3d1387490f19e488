-- Events whose document or payment was still open at the end of their own month: the others touch no month end.
{{ config(materialized='view') }}

with events as (
    select * from {{ ref('fct_receivable_events') }}
),

items as (
    select * from {{ ref('int_receivable_items_settled') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

document_events as (
    select
        events.*,
        items.settled_date,
        items.item_class,
        items.issued_date,
        items.due_date,
        items.industry_code,
        items.size_class
    from events
    inner join items on events.invoice_id = items.invoice_id
),

payment_events as (
    select
        events.*,
        items.settled_date,
        items.item_class,
        items.issued_date,
        items.due_date,
        coalesce(customers.industry_code, 'unknown') as industry_code,
        coalesce(customers.size_class, 'unknown') as size_class
    from events
    inner join items on events.payment_id = items.payment_id
    left join customers on events.customer_id = customers.customer_id
    where events.invoice_id is null
),

all_events as (
    select * from document_events
    union all
    select * from payment_events
)

select
    event_type,
    source_id,
    invoice_id,
    payment_id,
    event_date,
    settled_date,
    item_class,
    issued_date,
    due_date,
    customer_id,
    salesperson_id,
    industry_code,
    size_class,
    currency,
    document_amount,
    amount,
    is_held_out
from all_events
where settled_date is null or {{ month_start('settled_date') }} > event_date
