-- An application moves an invoice on its own date, but not before the invoice exists: until then the money is unapplied.
with night as (
    select * from {{ ref('stg_company__night') }}
),

allocations as (
    select
        allocation_id as application_id,
        coalesce(kind, 'cash') as kind,
        payment_id,
        invoice_id,
        allocated_date as booked_date,
        amount
    from {{ ref('stg_order_to_cash__payment_allocations') }}
),

write_offs as (
    select
        'write_off:' || write_off_id as application_id,
        'write_off' as kind,
        cast(null as varchar) as payment_id,
        invoice_id,
        written_off_date as booked_date,
        amount
    from {{ ref('stg_order_to_cash__write_offs') }}
),

applications as (
    select * from allocations
    union all
    select * from write_offs
),

invoices as (
    select * from {{ ref('stg_order_to_cash__invoices') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

dated as (
    select
        applications.*,
        invoices.customer_id,
        invoices.currency,
        invoices.invoice_id is not null as has_known_invoice,
        greatest(applications.booked_date, coalesce(invoices.issued_date, applications.booked_date)) as applied_date,
        case when invoices.currency = night.reporting_currency then cast(1 as decimal(18, 8)) else rates.rate end as booking_rate
    from applications
    cross join night
    left join invoices on applications.invoice_id = invoices.invoice_id
    left join rates on invoices.currency = rates.currency and invoices.issued_date = rates.valid_date
    where greatest(applications.booked_date, coalesce(invoices.issued_date, applications.booked_date)) <= night.report_date
)

select
    application_id,
    kind,
    payment_id,
    invoice_id,
    has_known_invoice,
    customer_id,
    booked_date,
    applied_date,
    currency,
    booking_rate,
    amount as document_amount,
    {{ converted_cumulatively('amount', 'booking_rate', 'invoice_id', 'applied_date, application_id') }} as amount
from dated
