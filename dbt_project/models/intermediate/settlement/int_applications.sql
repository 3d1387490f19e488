-- All that settles documents but the last cents.
{{ config(materialized='view') }}

with stated as (
    select * from {{ ref('int_applications_stated') }}
),

netted as (
    select * from {{ ref('int_credits_netted') }}
)

select * from stated
union all
select application_id, 'credit_note', null, invoice_id, null, applied_date, applied_date, document_amount, null, true from netted
