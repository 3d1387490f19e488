-- Leads that nobody contacted by the month end, with what a lead brought on average until then. A lead waits until the day on which it is lost;
-- one that was lost without a contact and without a day does not wait, and where losses carry no day one that waits may turn out to be such a one.
with night as (
    select * from {{ ref('stg_company__night') }}
),

leads as (
    select
        leads.*,
        {{ local_date('leads.first_contacted_at', 'night.time_zone') }} as contacted_date,
        {{ local_date('leads.converted_at', 'night.time_zone') }} as converted_date,
        {{ local_date('leads.lost_at', 'night.time_zone') }} as lost_date,
        coalesce(bool_or(leads.lost_at is not null) over () and not bool_or(leads.lost_reason is not null and leads.lost_at is null) over (), false)
            as are_losses_dated
    from {{ ref('fct_leads') }} as leads
    cross join night
),

months as (
    select * from {{ ref('dim_months') }}
),

opportunities as (
    select * from {{ ref('fct_opportunities') }} where is_won
),

known as (
    select
        months.month_start_date,
        count(distinct leads.lead_id) as lead_count,
        sum(case when opportunities.closed_date <= months.month_end_date then opportunities.amount else 0 end) as won_amount
    from months
    inner join leads on months.month_end_date >= leads.created_date
    left join opportunities on leads.opportunity_id = opportunities.opportunity_id
    group by 1
),

waiting as (
    select
        months.month_start_date,
        leads.salesperson_id,
        count(*) as waiting_lead_count,
        sum({{ days_between('leads.created_date', 'months.month_end_date') }}) as waiting_days,
        count(case when leads.contacted_date is null and leads.converted_date is null and not leads.are_losses_dated then 1 end) as still_waiting_lead_count
    from leads
    inner join months
        on
            leads.created_date <= months.month_end_date
            and (leads.contacted_date is null or leads.contacted_date > months.month_end_date)
            and (leads.converted_date is null or leads.converted_date > months.month_end_date)
            and (leads.lost_date is null or leads.lost_date > months.month_end_date)
    where leads.lost_reason is null or leads.lost_date is not null or leads.contacted_date is not null or leads.converted_date is not null
    group by 1, 2
)

select
    waiting.month_start_date,
    waiting.salesperson_id,
    waiting.waiting_lead_count,
    waiting.waiting_days,
    waiting.still_waiting_lead_count,
    cast(round(waiting.waiting_lead_count * cast(known.won_amount as double) / nullif(known.lead_count, 0), 2) as decimal(18, 4)) as waiting_amount
from waiting
inner join known on waiting.month_start_date = known.month_start_date
