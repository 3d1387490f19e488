-- Invoices of known customers that were due in the year before the last 30 days, with their days late: to the report date where they are not
-- settled. What was credited or written off says nothing of when a customer pays.
with night as (
    select * from {{ ref('stg_company__night') }}
)

select
    invoices.invoice_id,
    invoices.customer_id,
    invoices.is_called,
    invoices.has_error,
    invoices.gross_amount,
    {{ days_between('invoices.due_date', 'coalesce(invoices.settled_date, night.report_date)') }} as late_days
from {{ ref('int_invoices_judged') }} as invoices
cross join night
left join {{ ref('int_invoice_settlements') }} as settlements on invoices.invoice_id = settlements.invoice_id
where
    invoices.is_known_customer
    and invoices.due_date between night.report_date - 395 and night.report_date - 30
    and coalesce(settlements.document_credited_amount, 0) = 0
