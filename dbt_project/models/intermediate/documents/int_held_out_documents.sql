-- The one door to hold-out: whatever holds a document out of the KPIs is a branch of this union.
with invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

reasons as (
    select
        invoice_id,
        'missing_rate' as reason
    from invoices
    where booking_rate is null
)

select
    invoice_id,
    string_agg(distinct reason, ', ' order by reason) as held_out_reason
from reasons
group by invoice_id
