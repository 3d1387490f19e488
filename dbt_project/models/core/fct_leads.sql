with night as (
    select * from {{ ref('stg_company__night') }}
),

leads as (
    select * from {{ ref('stg_customer_relations__leads') }}
)

select
    leads.lead_id,
    leads.created_at,
    {{ local_date('leads.created_at', 'night.time_zone') }} as created_date,
    leads.origin,
    leads.campaign_id,
    coalesce(leads.owner_id, 'unknown') as salesperson_id,
    case when {{ local_date('leads.first_contacted_at', 'night.time_zone') }} <= night.report_date then leads.first_contacted_at end as first_contacted_at,
    case when {{ local_date('leads.converted_at', 'night.time_zone') }} <= night.report_date then leads.converted_at end as converted_at,
    case when {{ local_date('leads.converted_at', 'night.time_zone') }} <= night.report_date then leads.opportunity_id end as opportunity_id,
    case when {{ local_date('leads.lost_at', 'night.time_zone') }} <= night.report_date then leads.lost_at end as lost_at,
    case when leads.lost_at is null or {{ local_date('leads.lost_at', 'night.time_zone') }} <= night.report_date then leads.lost_reason end as lost_reason
from leads
cross join night
where {{ local_date('leads.created_at', 'night.time_zone') }} <= night.report_date
