-- Credit notes and cancellations are delivered with positive amounts; this is the one place where they get their sign.
with current_rows as (
    {{ current_rows('invoices') }}
),

signed as (
    select
        *,
        case when document_type in ('credit_note', 'cancellation') then -1 else 1 end as document_sign
    from current_rows
)

select
    invoice_id,
    document_type,
    customer_id,
    issued_date,
    due_date,
    currency,
    cast(document_sign * net_amount as decimal(18, 4)) as net_amount,
    cast(document_sign * vat_amount as decimal(18, 4)) as vat_amount,
    cast(document_sign * gross_amount as decimal(18, 4)) as gross_amount,
    order_id,
    customer_order_number,
    corrects_invoice_id,
    reason_code,
    salesperson_id,
    payment_terms_days,
    series,
    allowance_amount,
    charge_amount,
    prepaid_amount,
    rounding_amount,
    due_amount,
    net_amount as delivered_net_amount,
    vat_amount as delivered_vat_amount,
    gross_amount as delivered_gross_amount
from signed
