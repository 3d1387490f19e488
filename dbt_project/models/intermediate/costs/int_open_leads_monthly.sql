-- Leads that may still become customers, per month in which they cost something: until they are lost, their deal is closed, or they are too old for it.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

leads as (
    select leads.*
    from {{ ref('fct_leads') }} as leads
    cross join night
    cross join parameters
    left join {{ ref('fct_opportunities') }} as opportunities on leads.opportunity_id = opportunities.opportunity_id
    where
        leads.lost_reason is null
        and leads.lost_at is null
        and opportunities.closed_date is null
        and leads.created_date + parameters.lead_conversion_days >= night.observed_until_date
),

events as (
    select
        {{ month_start('created_date') }} as month_start_date,
        lead_id
    from leads
    union
    select
        {{ month_start('contacts.happened_date') }},
        leads.lead_id
    from {{ ref('fct_contact_moments') }} as contacts
    inner join leads on contacts.lead_id = leads.lead_id
)

select
    month_start_date,
    count(*) as open_lead_count
from events
group by 1
