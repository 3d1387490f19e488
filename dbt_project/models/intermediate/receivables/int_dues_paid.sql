-- How invoices ended, instalment by instalment where they have them: what is asked is whether each was paid in time.
{{ config(materialized='view') }}

with invoices as (
    select * from {{ ref('int_invoices_paid') }}
),

events as (
    select * from {{ ref('int_receivable_events_due') }} where instalment_number is not null
),

instalments as (
    select
        invoice_id,
        instalment_number,
        due_date,
        settled_date,
        sum(case when event_type in ('invoiced', 'prepaid') then amount else 0 end) as gross_amount,
        sum(case when event_type in ('cash_applied', 'reversed') then -document_amount else 0 end) as cash_amount,
        sum(case when event_type = 'written_off' then -document_amount else 0 end) as written_off_amount
    from events
    group by 1, 2, 3, 4
)

select
    invoice_id,
    customer_id,
    is_held_out,
    due_date,
    settled_date,
    gross_amount,
    ending
from invoices
where invoice_id not in (select instalments.invoice_id from instalments)
union all
select
    invoices.invoice_id,
    invoices.customer_id,
    invoices.is_held_out,
    instalments.due_date,
    instalments.settled_date,
    cast(instalments.gross_amount as decimal(18, 4)),
    case
        when instalments.written_off_amount > 0 then 'written_off'
        when instalments.settled_date is null then 'open'
        when instalments.cash_amount > 0 then 'paid'
        else 'diluted'
    end
from invoices
inner join instalments on invoices.invoice_id = instalments.invoice_id
