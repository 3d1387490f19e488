-- What was applied to each invoice until the report date, by kind.
with applications as (
    select * from {{ ref('fct_payment_applications') }}
)

select
    invoice_id,
    sum(document_amount) as document_applied_amount,
    sum(amount) as applied_amount,
    sum(case when kind in {{ cash_kinds() }} then document_amount else 0 end) as document_cash_amount,
    sum(case when kind in ('credit_note', 'write_off') then document_amount else 0 end) as document_credited_amount,
    max(applied_date) as last_applied_date,
    max(case when kind = 'cash' then applied_date end) as last_cash_date,
    max(case when kind = 'discount' then booked_date end) as last_discount_date,
    sum(case when kind = 'discount' then document_amount else 0 end) as document_discount_amount,
    max(case when kind = 'cash' then payment_id end) as last_payment_id
from applications
group by invoice_id
