-- What changes receivables, signed: what customers owe more is positive. An invoice moves at its booking rate, cash that
-- is not applied yet at the rate of the day it came in; the difference between both, on application, is an FX result.
with invoices as (
    select * from {{ ref('fct_invoices') }}
),

applications as (
    select * from {{ ref('fct_payment_applications') }}
),

cash_events as (
    select * from {{ ref('int_cash_events') }}
),

documents_issued as (
    select
        case document_class when 'invoice' then 'invoiced' when 'credit' then 'credited' else 'adjusted' end as event_type,
        invoice_id as source_id,
        issued_date as event_date,
        invoice_id,
        cast(null as varchar) as payment_id,
        customer_id,
        salesperson_id,
        currency,
        document_gross_amount as document_amount,
        gross_amount as amount,
        is_held_out
    from invoices
),

invoices_settled as (
    select
        case applications.kind
            when 'cash' then 'cash_applied'
            when 'refund' then 'cash_applied'
            when 'prepayment' then 'cash_applied'
            when 'prepaid' then 'prepaid'
            when 'discount' then 'discount_taken'
            when 'credit_note' then 'credit_applied'
            when 'write_off' then 'written_off'
            when 'fx' then 'fx_booked'
            when 'withholding' then 'withheld'
            when 'set_off' then 'set_off'
            when 'bank_charge' then 'bank_charged'
            when 'rounding' then 'rounded'
            else 'reversed'
        end as event_type,
        applications.application_id as source_id,
        applications.applied_date as event_date,
        applications.invoice_id,
        applications.payment_id,
        invoices.customer_id,
        invoices.salesperson_id,
        invoices.currency,
        -applications.document_amount as document_amount,
        -applications.amount as amount,
        invoices.is_held_out
    from applications
    inner join invoices on applications.invoice_id = invoices.invoice_id
),

events as (
    select * from documents_issued
    union all
    select * from invoices_settled
    union all
    select * from cash_events
)

select
    event_type,
    source_id,
    event_date,
    invoice_id,
    payment_id,
    customer_id,
    salesperson_id,
    currency,
    cast(document_amount as decimal(18, 4)) as document_amount,
    cast(amount as decimal(18, 4)) as amount,
    is_held_out
from events
