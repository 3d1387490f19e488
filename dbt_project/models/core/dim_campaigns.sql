with night as (
    select * from {{ ref('stg_company__night') }}
),

campaigns as (
    select * from {{ ref('stg_customer_relations__campaigns') }}
)

select
    campaigns.campaign_id,
    campaigns.channel,
    coalesce(campaigns.name, campaigns.campaign_id) as name,
    campaigns.started_date,
    campaigns.ended_date,
    campaigns.cost_amount
from campaigns
cross join night
where campaigns.started_date <= night.report_date
