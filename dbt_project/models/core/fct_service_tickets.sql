with night as (
    select * from {{ ref('stg_company__night') }}
),

service_tickets as (
    select * from {{ ref('stg_customer_relations__service_tickets') }}
)

select
    service_tickets.ticket_id,
    service_tickets.customer_id,
    service_tickets.opened_at,
    {{ local_date('service_tickets.opened_at', 'night.time_zone') }} as opened_date,
    case when {{ local_date('service_tickets.closed_at', 'night.time_zone') }} <= night.report_date then service_tickets.closed_at end as closed_at,
    service_tickets.kind,
    service_tickets.minutes
from service_tickets
cross join night
where {{ local_date('service_tickets.opened_at', 'night.time_zone') }} <= night.report_date
