-- How each invoice ended: paid (cash came, and nothing was written off), diluted (settled by credits alone), written off, open; by the
-- amounts of the document, because a held-out one may have no other.
with invoices as (
    select * from {{ ref('fct_invoices') }} where document_class = 'invoice' and document_gross_amount > 0
),

items as (
    select * from {{ ref('int_receivable_items_settled') }} where item_class = 'invoice'
),

settlements as (
    select
        invoice_id,
        sum(case when event_type in ('cash_applied', 'reversed') then -amount else 0 end) as cash_amount,
        sum(case when event_type = 'written_off' then -amount else 0 end) as written_off_amount,
        sum(case when event_type in ('cash_applied', 'reversed') then -document_amount else 0 end) as document_cash_amount,
        sum(case when event_type = 'written_off' then -document_amount else 0 end) as document_written_off_amount
    from {{ ref('fct_receivable_events') }}
    where event_type in ('cash_applied', 'reversed', 'written_off') and invoice_id is not null
    group by 1
)

select
    invoices.invoice_id,
    invoices.customer_id,
    invoices.salesperson_id,
    invoices.industry_code,
    invoices.size_class,
    invoices.is_held_out,
    invoices.issued_date,
    invoices.issued_month,
    invoices.due_date,
    invoices.gross_amount,
    coalesce(settlements.cash_amount, 0) as cash_amount,
    coalesce(settlements.written_off_amount, 0) as written_off_amount,
    items.settled_date,
    case
        when coalesce(settlements.document_written_off_amount, 0) > 0 then 'written_off'
        when items.settled_date is null then 'open'
        when coalesce(settlements.document_cash_amount, 0) > 0 then 'paid'
        else 'diluted'
    end as ending
from invoices
inner join items on invoices.invoice_id = items.invoice_id
left join settlements on invoices.invoice_id = settlements.invoice_id
