-- A payment that is held out is no unapplied cash; what was applied of it stands on its invoice.
with payments as (
    select * from {{ ref('int_payments_valued') }}
),

held_out as (
    select * from {{ ref('int_held_out_documents') }} where document_kind = 'payment'
)

select
    payments.payment_id,
    payments.received_date,
    payments.customer_id,
    payments.currency,
    payments.received_rate,
    payments.document_amount,
    payments.amount,
    payments.payer_iban,
    payments.reference_text,
    payments.bank_account,
    payments.reverses_payment_id,
    held_out.document_id is not null as is_held_out,
    held_out.held_out_reason
from payments
left join held_out on payments.payment_id = held_out.document_id
