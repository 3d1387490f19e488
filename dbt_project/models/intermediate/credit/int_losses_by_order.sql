-- What was written off of an invoice, less what was received after all, and the order that it billed, where it is one.
with write_offs as (
    select * from {{ ref('fct_write_offs') }} where customer_id is not null
),

lines as (
    select
        invoice_id,
        min(order_id) as order_id
    from {{ ref('fct_invoice_lines') }}
    where order_id is not null
    group by 1
    having count(distinct order_id) = 1
),

invoices as (
    select * from {{ ref('fct_invoices') }}
)

select
    write_offs.write_off_id,
    write_offs.customer_id,
    write_offs.written_off_date,
    coalesce(invoices.order_id, lines.order_id) as order_id,
    write_offs.amount - coalesce(write_offs.recovered_amount, 0) as lost_amount
from write_offs
left join invoices on write_offs.invoice_id = invoices.invoice_id
left join lines on write_offs.invoice_id = lines.invoice_id
