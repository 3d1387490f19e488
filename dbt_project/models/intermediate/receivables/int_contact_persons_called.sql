-- Whom to call about an invoice: the person for invoices, else the first who has a number.
with contact_persons as (
    select * from {{ ref('dim_contact_persons') }}
),

people as (
    select
        customer_id,
        name,
        phone,
        row_number() over (partition by customer_id order by is_for_invoices desc, phone is null, contact_person_id) as place
    from contact_persons
)

select
    customer_id,
    name,
    phone
from people
where place = 1
