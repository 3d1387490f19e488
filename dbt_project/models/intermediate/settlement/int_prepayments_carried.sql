-- Money for a prepayment invoice that the ledger applied to the final invoice: it settles the prepayment invoice, on the days on which it makes
-- way for what the final invoice states; the first prepayment invoice first.
with prepaid as (
    select
        *,
        sum(document_gross_amount) over (partition by invoice_id) as asked_amount,
        sum(document_gross_amount) over (partition by invoice_id order by prepayment_invoice_id) - document_gross_amount as before_amount
    from {{ ref('int_prepayments_invoiced') }}
),

-- The day of issue counts too when nothing settles itself on it.
moved as (
    select
        invoice_id,
        applied_date,
        document_amount
    from {{ ref('int_prepayments_stated') }}
    where kind = 'prepaid'
    union all
    select distinct
        invoice_id,
        issued_date,
        0
    from prepaid
),

daily as (
    select
        invoice_id,
        applied_date,
        sum(sum(document_amount)) over (partition by invoice_id order by applied_date) as unsaid_amount
    from moved
    group by invoice_id, applied_date
),

carried as (
    select
        prepaid.prepayment_invoice_id,
        prepaid.invoice_id,
        daily.applied_date,
        {{ part_within('prepaid.asked_amount - daily.unsaid_amount', 'prepaid.before_amount', 'prepaid.document_gross_amount') }} as carried_amount
    from prepaid
    inner join daily on prepaid.invoice_id = daily.invoice_id
),

changes as (
    select
        *,
        carried_amount - coalesce(lag(carried_amount) over (partition by invoice_id, prepayment_invoice_id order by applied_date), 0) as document_amount
    from carried
)

select
    'prepaid:' || prepayment_invoice_id || ':' || invoice_id || ':' || cast(applied_date as varchar) as application_id,
    'prepaid' as kind,
    prepayment_invoice_id as invoice_id,
    applied_date,
    cast(document_amount as decimal(18, 4)) as document_amount
from changes
where document_amount <> 0
