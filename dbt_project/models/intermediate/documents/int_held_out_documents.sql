-- The one door to hold-out: whatever holds a document out of the KPIs is a branch of this union.
with invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

errors as (
    select * from {{ ref('fct_invoice_errors') }} where is_holding_out
),

reasons as (
    select
        invoice_id,
        'missing_rate' as reason
    from invoices
    where booking_rate is null
    union all
    select
        errors.invoice_id,
        errors.error_code as reason
    from errors
    inner join invoices on errors.invoice_id = invoices.invoice_id
)

select
    invoice_id,
    string_agg(distinct reason, ', ' order by reason) as held_out_reason
from reasons
group by invoice_id
