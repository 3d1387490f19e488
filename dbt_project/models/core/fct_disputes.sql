with night as (
    select * from {{ ref('stg_company__night') }}
),

disputes as (
    select * from {{ ref('stg_order_to_cash__disputes') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
)

select
    disputes.dispute_id,
    disputes.invoice_id,
    invoices.invoice_id is not null as has_known_invoice,
    invoices.customer_id,
    invoices.salesperson_id,
    disputes.opened_date,
    disputes.reason_code,
    coalesce(disputes.amount, invoices.document_gross_amount) as document_amount,
    {{ converted('coalesce(disputes.amount, invoices.document_gross_amount)', 'invoices.booking_rate') }} as gross_amount,
    case when disputes.closed_date <= night.report_date then disputes.closed_date end as closed_date,
    case when disputes.closed_date <= night.report_date then disputes.outcome end as outcome,
    disputes.owner_department
from disputes
cross join night
left join invoices on disputes.invoice_id = invoices.invoice_id
where disputes.opened_date <= night.report_date
