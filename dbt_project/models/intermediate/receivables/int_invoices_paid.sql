-- How each invoice stood from a day on, until the next day on which something happened to it: what comes later leaves earlier months alone.
with invoices as (
    select * from {{ ref('fct_invoices') }} where document_class = 'invoice' and document_gross_amount > 0
),

-- Without delivered settlement nothing is ever settled.
events as (
    select events.*
    from {{ ref('fct_receivable_events') }} as events
    inner join ({{ settlement_coverage() }}) as gate on true
    where events.invoice_id is not null
),

endings as (
    {{ dated_endings('events', 'invoice_id') }}
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
    endings.valid_from_date,
    endings.valid_until_date,
    endings.settled_date,
    endings.ending
from invoices
inner join endings on invoices.invoice_id = endings.invoice_id
