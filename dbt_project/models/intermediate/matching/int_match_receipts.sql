-- Money that came in and stayed: a payment that was reversed, or that reverses one, settles nothing.
with payments as (
    select * from {{ ref('int_payments_valued') }}
),

transactions as (
    select * from {{ ref('int_bank_receipts') }}
),

reversed as (
    select distinct reverses_payment_id as payment_id from payments where reverses_payment_id is not null
)

select
    payments.payment_id,
    case when payments.customer_id <> 'unknown' then payments.customer_id end as customer_id,
    payments.received_date,
    payments.currency,
    payments.document_amount as amount,
    payments.amount as reporting_amount,
    upper(replace(payments.payer_iban, ' ', '')) as payer_iban,
    payments.reference_text,
    concat_ws(' ', transactions.structured_reference, transactions.end_to_end_id) as creditor_reference
from payments
left join transactions on payments.payment_id = transactions.payment_id
left join reversed on payments.payment_id = reversed.payment_id
where payments.document_amount > 0 and reversed.payment_id is null
