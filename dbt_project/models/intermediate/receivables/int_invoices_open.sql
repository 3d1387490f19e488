-- The month of the report date is closed off on that day: its last open invoices are those of the report date.
with night as (
    select * from {{ ref('stg_company__night') }}
),

invoices as (
    select * from {{ ref('int_invoices_open_monthly') }}
)

select
    invoices.invoice_id,
    invoices.instalment_number,
    invoices.customer_id,
    invoices.salesperson_id,
    invoices.is_held_out,
    invoices.issued_date,
    invoices.due_date,
    invoices.late_days,
    invoices.open_amount
from invoices
inner join night on invoices.month_start_date = {{ month_start('night.report_date') }}
