-- A rest of cents that is left of a document once something was applied closes as rounding, and opens again when more is applied.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

documents as (
    select
        invoice_id,
        document_gross_amount
    from {{ ref('int_invoices_valued') }}
),

daily as (
    select
        invoice_id,
        applied_date,
        sum(sum(document_amount)) over (partition by invoice_id order by applied_date rows between unbounded preceding and current row) as applied_amount
    from {{ ref('int_applications') }}
    group by invoice_id, applied_date
),

rests as (
    select
        daily.invoice_id,
        daily.applied_date,
        {{ rest_of_cents('documents.document_gross_amount', 'daily.applied_amount') }} as rest_amount
    from daily
    cross join parameters
    inner join documents on daily.invoice_id = documents.invoice_id
),

changes as (
    select
        *,
        rest_amount - coalesce(lag(rest_amount) over (partition by invoice_id order by applied_date), 0) as document_amount
    from rests
)

select
    'cents:' || invoice_id || ':' || cast(applied_date as varchar) as application_id,
    invoice_id,
    applied_date,
    cast(document_amount as decimal(18, 4)) as document_amount
from changes
where document_amount <> 0
