-- How each invoice ended: paid (cash came, and nothing was written off), diluted (settled by credits alone), written off, open.
with invoices as (
    select * from {{ ref('fct_invoices') }} where document_class = 'invoice' and not is_held_out and gross_amount > 0
),

items as (
    select * from {{ ref('int_receivable_items_settled') }} where item_class = 'invoice'
),

settlements as (
    select
        invoice_id,
        sum(case when event_type in ('cash_applied', 'reversed') then -amount else 0 end) as cash_amount,
        sum(case when event_type = 'written_off' then -amount else 0 end) as written_off_amount
    from {{ ref('fct_receivable_events') }}
    where event_type in ('cash_applied', 'reversed', 'written_off') and invoice_id is not null and not is_held_out
    group by 1
)

select
    invoices.invoice_id,
    invoices.customer_id,
    invoices.salesperson_id,
    invoices.industry_code,
    invoices.size_class,
    invoices.issued_date,
    invoices.issued_month,
    invoices.due_date,
    invoices.gross_amount,
    coalesce(settlements.cash_amount, 0) as cash_amount,
    coalesce(settlements.written_off_amount, 0) as written_off_amount,
    items.settled_date,
    case
        when coalesce(settlements.written_off_amount, 0) > 0 then 'written_off'
        when items.settled_date is null then 'open'
        when coalesce(settlements.cash_amount, 0) > 0 then 'paid'
        else 'diluted'
    end as ending
from invoices
inner join items on invoices.invoice_id = items.invoice_id
left join settlements on invoices.invoice_id = settlements.invoice_id
