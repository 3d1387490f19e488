-- Everything that settles a document, delivered or following from what was (intermediate/settlement), at the document's booking rate.
with night as (
    select * from {{ ref('stg_company__night') }}
),

customer_ids as (
    select * from {{ ref('int_customer_ids') }}
),

invoices as (
    select invoices.* replace (coalesce(customer_ids.customer_id, invoices.customer_id) as customer_id)
    from {{ ref('int_documents_delivered') }} as invoices
    left join customer_ids on invoices.customer_id = customer_ids.delivered_customer_id
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

applications as (
    select * from {{ ref('int_applications') }}
    union all
    select application_id, 'rounding', null, invoice_id, null, applied_date, applied_date, document_amount, null, true
    from {{ ref('int_cents_rounded') }}
),

rated as (
    select
        applications.*,
        invoices.customer_id,
        invoices.currency,
        invoices.invoice_id is not null as has_known_invoice,
        case when invoices.currency = night.reporting_currency then cast(1 as decimal(18, 8)) else rates.rate end as booking_rate
    from applications
    cross join night
    left join invoices on applications.invoice_id = invoices.invoice_id
    left join rates on invoices.currency = rates.currency and invoices.issued_date = rates.valid_date
)

select
    application_id,
    kind,
    is_derived,
    payment_id,
    invoice_id,
    instalment_number,
    has_known_invoice,
    customer_id,
    booked_date,
    applied_date,
    currency,
    booking_rate,
    document_amount,
    {{ converted_cumulatively('document_amount', 'booking_rate', 'invoice_id', 'applied_date, application_id') }} as amount,
    payment_amount as document_payment_amount
from rated
