-- What companies deliver as applied. It moves a document on its own date, but not before the document exists, nor before its
-- money came in: what was received after the report date has not been received. One row that names a credit note is two.
with night as (
    select * from {{ ref('stg_company__night') }}
),

allocations as (
    select * from {{ ref('stg_order_to_cash__payment_allocations') }}
),

invoices as (
    select * from {{ ref('stg_order_to_cash__invoices') }}
),

payments as (
    select * from {{ ref('stg_order_to_cash__payments') }}
),

applications as (
    select
        allocation_id as application_id,
        case when kind = 'withholding_tax' then 'withholding' else coalesce(kind, 'cash') end as kind,
        payment_id,
        invoice_id,
        instalment_number,
        allocated_date as booked_date,
        amount,
        payment_amount
    from allocations
    union all
    select
        'credit_note:' || allocation_id,
        'credit_note',
        null,
        credit_note_id,
        null,
        allocated_date,
        -amount,
        null
    from allocations
    where credit_note_id is not null
    union all
    select
        'write_off:' || write_off_id,
        'write_off',
        null,
        invoice_id,
        null,
        written_off_date,
        amount,
        null
    from {{ ref('stg_order_to_cash__write_offs') }}
),

dated as (
    select
        applications.application_id,
        applications.kind,
        applications.payment_id,
        applications.invoice_id,
        applications.instalment_number,
        applications.booked_date,
        greatest(
            applications.booked_date,
            coalesce(invoices.issued_date, applications.booked_date),
            coalesce(payments.received_date, applications.booked_date)
        ) as applied_date,
        invoices.currency,
        applications.amount as document_amount,
        applications.payment_amount
    from applications
    left join invoices on applications.invoice_id = invoices.invoice_id
    left join payments on applications.payment_id = payments.payment_id
)

select dated.*
from dated
inner join night on dated.applied_date <= night.report_date
