-- How invoices stood from a day on, instalment by instalment where they have them: what is asked is whether each was paid in time.
{{ config(materialized='view') }}

with invoices as (
    select * from {{ ref('int_invoices_paid') }}
),

events as (
    select * from {{ ref('int_receivable_events_due') }} where instalment_number is not null
),

endings as (
    {{ dated_endings('events', 'invoice_id, instalment_number') }}
),

instalments as (
    select
        invoice_id,
        instalment_number,
        customer_id,
        is_held_out,
        due_date,
        cast(sum(case when event_type in ('invoiced', 'prepaid') then amount else 0 end) as decimal(18, 4)) as gross_amount
    from events
    where invoice_id in (select invoices.invoice_id from invoices)
    group by 1, 2, 3, 4, 5
)

select
    invoice_id,
    customer_id,
    is_held_out,
    due_date,
    gross_amount,
    valid_from_date,
    valid_until_date,
    settled_date,
    ending
from invoices
where invoice_id not in (select instalments.invoice_id from instalments)
union all
select
    instalments.invoice_id,
    instalments.customer_id,
    instalments.is_held_out,
    instalments.due_date,
    instalments.gross_amount,
    endings.valid_from_date,
    endings.valid_until_date,
    endings.settled_date,
    endings.ending
from instalments
inner join endings using (invoice_id, instalment_number)
