-- Instalments of the documents that have them. What the schedule leaves of the document (a prepayment) lies before the first one; what
-- it has too much, such as the rounding of the amount due, is taken off the last: the instalments sum to the document.
with documents as (
    select * from {{ ref('int_invoices_valued') }}
),

schedule as (
    select * from {{ ref('stg_order_to_cash__payment_schedule') }}
),

signed as (
    select
        schedule.invoice_id,
        schedule.instalment_number,
        coalesce(schedule.kind, 'instalment') as kind,
        schedule.due_date,
        documents.customer_id,
        documents.currency,
        documents.document_sign * schedule.amount as document_amount,
        coalesce(documents.document_rounding_amount, 0) as rounding_amount,
        documents.document_gross_amount + coalesce(documents.document_rounding_amount, 0)
        - sum(documents.document_sign * schedule.amount) over (partition by schedule.invoice_id) as rest_amount,
        row_number() over oldest_first as place,
        row_number() over oldest_first = count(*) over (partition by schedule.invoice_id) as is_last,
        documents.document_sign
    from schedule
    inner join documents on schedule.invoice_id = documents.invoice_id
    window oldest_first as (partition by schedule.invoice_id order by schedule.due_date, length(schedule.instalment_number), schedule.instalment_number)
)

select
    invoice_id,
    instalment_number,
    kind,
    due_date,
    customer_id,
    currency,
    cast(place as integer) as place,
    is_last,
    cast(document_amount as decimal(18, 4)) as document_amount,
    cast(
        document_amount
        + case when place = 1 and document_sign * rest_amount > 0 then rest_amount else 0 end
        + case when is_last then case when document_sign * rest_amount < 0 then rest_amount else 0 end - rounding_amount else 0 end
        as decimal(18, 4)
    ) as document_gross_amount
from signed
