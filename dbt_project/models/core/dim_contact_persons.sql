with night as (
    select * from {{ ref('stg_company__night') }}
),

contact_persons as (
    select * from {{ ref('stg_customer_relations__contact_persons') }}
)

select
    contact_persons.contact_person_id,
    contact_persons.customer_id,
    contact_persons.name,
    contact_persons.role,
    contact_persons.phone,
    contact_persons.email,
    coalesce(contact_persons.is_for_invoices, false) as is_for_invoices
from contact_persons
cross join night
where contact_persons.left_date is null or contact_persons.left_date > night.report_date
