-- Before hold-out, so that the error rules can read every document without going round in a circle.
with night as (
    select * from {{ ref('stg_company__night') }}
),

terms as (
    select * from {{ ref('int_invoice_terms') }}
),

invoices as (
    select * from {{ ref('int_invoices_resolved') }}
),

customers as (
    select * from {{ ref('stg_order_to_cash__customers') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

attributed as (
    select
        invoices.*,
        case
            when invoices.reason_code = 'adjustment' then 'adjustment'
            when invoices.document_type in ('credit_note', 'cancellation') then 'credit'
            else 'invoice'
        end as document_class,
        customers.customer_id is not null as is_known_customer,
        coalesce(invoices.salesperson_id, customers.account_owner_id, 'unknown') as attributed_salesperson_id,
        coalesce(customers.industry_code, 'unknown') as industry_code,
        coalesce(customers.size_class, 'unknown') as size_class,
        coalesce(
            last_instalments.due_date, terms.due_date, invoices.issued_date + coalesce(invoices.payment_terms_days, customers.payment_terms_days)
        ) as due_by_terms_date,
        terms.due_date as due_by_agreement_date,
        terms.payment_terms_id as used_payment_terms_id,
        coalesce(terms.is_prepayment, false) or invoices.delivered_document_type in ('prepayment', '386') as is_prepayment,
        invoices.delivered_document_type in ('partial', '326', '875', '876', '877') or coalesce(terms.has_instalments, false) as is_part_billing,
        case when invoices.currency = night.reporting_currency then cast(1 as decimal(18, 8)) else rates.rate end as booking_rate
    from invoices
    cross join night
    left join customers on invoices.customer_id = customers.customer_id
    left join (select invoice_id, max(due_date) as due_date from {{ ref('stg_order_to_cash__payment_schedule') }} group by invoice_id) as last_instalments
        on invoices.invoice_id = last_instalments.invoice_id
    left join terms on invoices.invoice_id = terms.invoice_id
    left join rates on invoices.currency = rates.currency and invoices.issued_date = rates.valid_date
    where invoices.issued_date <= night.report_date
)

select
    invoice_id,
    document_type,
    document_class,
    document_sign,
    customer_id,
    is_known_customer,
    attributed_salesperson_id as salesperson_id,
    industry_code,
    size_class,
    issued_date,
    {{ month_start('issued_date') }} as issued_month,
    coalesce(due_date, due_by_terms_date) as due_date,
    due_date as delivered_due_date,
    currency,
    booking_rate,
    net_amount as document_net_amount,
    vat_amount as document_vat_amount,
    gross_amount as document_gross_amount,
    {{ converted('net_amount', 'booking_rate') }} as net_amount,
    {{ converted('vat_amount', 'booking_rate') }} as vat_amount,
    {{ converted('gross_amount', 'booking_rate') }} as gross_amount,
    cast(document_sign * allowance_amount as decimal(18, 4)) as document_allowance_amount,
    cast(document_sign * charge_amount as decimal(18, 4)) as document_charge_amount,
    cast(document_sign * prepaid_amount as decimal(18, 4)) as document_prepaid_amount,
    cast(document_sign * rounding_amount as decimal(18, 4)) as document_rounding_amount,
    cast(document_sign * due_amount as decimal(18, 4)) as document_due_amount,
    delivered_net_amount,
    delivered_vat_amount,
    delivered_gross_amount,
    order_id,
    customer_order_number,
    corrects_invoice_id,
    reason_code,
    payment_terms_days,
    series,
    delivered_document_type,
    used_payment_terms_id as payment_terms_id,
    due_by_agreement_date,
    is_prepayment,
    is_part_billing,
    preceding_count,
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
    specification_id
from attributed
