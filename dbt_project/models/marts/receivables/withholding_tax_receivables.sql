-- Tax that customers withheld from what they owed settles the invoice and is claimed from the tax office instead: open until its
-- certificate is there. A withholding that was taken back counts against the one that it undoes.
with night as (
    select * from {{ ref('stg_company__night') }}
),

applications as (
    select * from {{ ref('fct_payment_applications') }} where kind = 'withholding' and has_known_invoice
),

certificates as (
    select
        allocation_id,
        certificate_number,
        certificate_date
    from {{ ref('stg_order_to_cash__payment_allocations') }}
    where certificate_number is not null or certificate_date is not null
)

select
    applications.application_id,
    applications.invoice_id,
    applications.customer_id,
    applications.applied_date as withheld_date,
    applications.currency,
    applications.document_amount,
    applications.amount as withheld_amount,
    certificates.certificate_number,
    certificates.certificate_date,
    case
        when coalesce(certificates.certificate_date, case when certificates.allocation_id is not null then applications.applied_date end) <= night.report_date
            then cast(0 as decimal(18, 4))
        else applications.amount
    end as uncertified_amount,
    cast({{ days_between('applications.applied_date', 'night.report_date') }} as integer) as age_days
from applications
cross join night
left join certificates on applications.application_id = certificates.allocation_id
