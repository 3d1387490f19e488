-- What companies deliver as applied. It moves a document on its own date, but not before the document exists, nor before its
-- money came in: what was received after the report date has not been received.
with night as (
    select * from {{ ref('stg_company__night') }}
),

allocations as (
    select * from {{ ref('int_allocations_told') }}
),

invoices as (
    select * from {{ ref('int_documents_delivered') }}
),

payments as (
    select * from {{ ref('int_payments_delivered') }}
),

-- What is not open of an item may have been paid before its document was made, which the document says itself.
items as (
    select
        items.* exclude (settled_amount),
        case
            when items.settled_amount > 0 and invoices.prepaid_amount > 0 then greatest(items.settled_amount - invoices.prepaid_amount, 0)
            else items.settled_amount
        end as settled_amount
    from {{ ref('int_open_items') }} as items
    left join invoices on items.item_id = invoices.invoice_id
),

written_off as (
    select * from {{ ref('stg_order_to_cash__write_offs') }}
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
    select 'write_off:' || write_off_id, 'write_off', null, invoice_id, null, written_off_date, amount, null from written_off
    union all
    select application_id, 'write_off', null, invoice_id, null, booked_date, document_amount, null from {{ ref('int_write_offs_recovered') }}
    union all
    -- What cleared an item is not known: a document counts as paid, or as credit that was used.
    select
        'item:' || item_id,
        case when item_type in ('credit_note', 'cancellation') then 'credit_note' else 'cash' end,
        case when item_type = 'payment' then item_id end,
        item_id,
        null,
        settled_until_date,
        case when item_type = 'payment' then -settled_amount else settled_amount end,
        null
    from items
    where
        settled_amount <> 0
        and item_id not in (select allocations.invoice_id from allocations)
        and item_id not in (select written_off.invoice_id from written_off)
    union all
    select * from {{ ref('int_applications_matched') }}
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
