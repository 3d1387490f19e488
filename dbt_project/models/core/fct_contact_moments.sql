with night as (
    select * from {{ ref('stg_company__night') }}
),

contact_moments as (
    select * from {{ ref('stg_customer_relations__contact_moments') }}
)

select
    contact_moments.contact_id,
    contact_moments.happened_at,
    {{ local_date('contact_moments.happened_at', 'night.time_zone') }} as happened_date,
    contact_moments.kind,
    contact_moments.is_outbound,
    contact_moments.customer_id,
    contact_moments.lead_id,
    contact_moments.salesperson_id,
    contact_moments.department,
    contact_moments.minutes
from contact_moments
cross join night
where {{ local_date('contact_moments.happened_at', 'night.time_zone') }} <= night.report_date
