-- What was applied to each invoice until the report date, by kind. Money that was there before the document (on account, from another
-- one) was not paid for it: who pays less than was asked was asked first.
with documents as (
    select * from {{ ref('int_documents_delivered') }}
),

payments as (
    select * from {{ ref('int_payments_delivered') }}
),

applications as (
    select
        applications.*,
        applications.kind = 'cash' and coalesce(payments.received_date >= documents.issued_date, true) as is_asked_cash
    from {{ ref('fct_payment_applications') }} as applications
    left join documents on applications.invoice_id = documents.invoice_id
    left join payments on applications.payment_id = payments.payment_id
)

select
    invoice_id,
    sum(document_amount) as document_applied_amount,
    sum(amount) as applied_amount,
    sum(case when kind in {{ cash_kinds() }} then document_amount else 0 end) as document_cash_amount,
    sum(case when kind in ('credit_note', 'write_off') then document_amount else 0 end) as document_credited_amount,
    max(applied_date) as last_applied_date,
    max(case when is_asked_cash then applied_date end) as last_cash_date,
    max(case when kind = 'discount' then booked_date end) as last_discount_date,
    sum(case when kind = 'discount' then document_amount else 0 end) as document_discount_amount,
    max(case when kind = 'cash' then payment_id end) as last_payment_id
from applications
group by invoice_id
