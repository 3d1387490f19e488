-- What is applied by what companies say of allocations, reversals and prepayments, before credits settle what they name.
{{ config(materialized='view') }}

with delivered as (
    select * from {{ ref('int_applications_delivered') }}
),

taken as (
    select * from {{ ref('int_payments_taken') }}
),

reversed as (
    select * from {{ ref('int_applications_reversed') }}
),

prepaid as (
    select * from {{ ref('int_prepayments_stated') }}
    union all
    select * from {{ ref('int_prepayments_carried') }}
)

select
    delivered.application_id,
    delivered.kind,
    delivered.payment_id,
    delivered.invoice_id,
    delivered.instalment_number,
    delivered.booked_date,
    delivered.applied_date,
    delivered.document_amount,
    taken.payment_amount,
    false as is_derived
from delivered
left join taken on delivered.application_id = taken.application_id
union all
select application_id, kind, payment_id, invoice_id, instalment_number, applied_date, applied_date, document_amount, payment_amount, true from reversed
union all
select application_id, kind, null, invoice_id, null, applied_date, applied_date, document_amount, null, true from prepaid
