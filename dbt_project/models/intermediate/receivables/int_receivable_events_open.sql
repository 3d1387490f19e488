-- Events whose document, instalment or payment was still open at the end of their own month: the others touch no month end.
{{ config(materialized='view') }}

with due_events as (
    select * from {{ ref('int_receivable_events_due') }}
),

events as (
    select * from {{ ref('fct_receivable_events') }} where invoice_id is null
),

items as (
    select * from {{ ref('int_receivable_items_settled') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

payment_events as (
    select
        events.*,
        cast(null as varchar) as instalment_number,
        items.settled_date,
        items.item_class,
        items.issued_date,
        items.due_date,
        coalesce(customers.industry_code, 'unknown') as industry_code,
        coalesce(customers.size_class, 'unknown') as size_class
    from events
    inner join items on events.payment_id = items.payment_id
    left join customers on events.customer_id = customers.customer_id
),

all_events as (
    select * from due_events
    union all by name
    select * from payment_events
)

select
    event_type,
    source_id,
    invoice_id,
    instalment_number,
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
