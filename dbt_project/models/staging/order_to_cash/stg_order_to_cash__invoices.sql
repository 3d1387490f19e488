-- Codes of the standard (UNTDID 1001) become the house's kinds of document, and credit notes and cancellations, which are delivered with
-- positive amounts, their sign: this is the one place for both. A pro-forma asks for no money; whoever reads receivables leaves it out.
with current_rows as (
    {{ current_rows('invoices') }}
),

named as (
    select
        *,
        case
            when document_type in ('credit_note', '381') then 'credit_note'
            when document_type in ('debit_note', '383') then 'debit_note'
            when document_type in ('pro_forma', '325') then 'pro_forma'
            when document_type = 'cancellation' then 'cancellation'
            else 'invoice'
        end as house_type
    from current_rows
),

signed as (
    select
        *,
        case when house_type in ('credit_note', 'cancellation') then -1 else 1 end as document_sign
    from named
)

select
    invoice_id,
    house_type as document_type,
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
    payment_terms_id,
    period_start_date,
    period_end_date,
    tax_point_date,
    seller_country,
    deliver_to_country,
    buyer_vat_id,
    buyer_registration_number,
    project_id,
    contract_id,
    payment_reference,
    specification_id,
    document_type as delivered_document_type,
    net_amount as delivered_net_amount,
    vat_amount as delivered_vat_amount,
    gross_amount as delivered_gross_amount
from signed
