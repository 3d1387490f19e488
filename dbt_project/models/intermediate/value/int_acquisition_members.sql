-- New customers by what brought them, with the cost of bringing them. A cohort bears the acquisition cost of the months in which its
-- deals began: the lag is the median sales cycle of won new deals, in whole months.
with sales_cycle as (
    select coalesce(cast(round(median({{ days_between('created_date', 'closed_date') }}) / 30.4) as integer), 0) as lag_months
    from {{ ref('fct_opportunities') }}
    where kind = 'new' and is_won and closed_date is not null
),

cohorts as (
    select
        customer_id,
        min(month_start_date) as cohort_month
    from {{ ref('customer_months') }}
    where not is_left_censored
    group by 1
),

members as (
    select
        cohorts.customer_id,
        cohorts.cohort_month,
        campaigns.campaign_id,
        campaigns.channel,
        salespeople.team
    from cohorts
    inner join {{ ref('dim_customers') }} as customers on cohorts.customer_id = customers.customer_id
    left join {{ ref('dim_campaigns') }} as campaigns on customers.acquired_by_campaign_id = campaigns.campaign_id
    left join {{ ref('dim_salespeople') }} as salespeople on customers.account_owner_id = salespeople.salesperson_id
),

acquisition_months as (
    select
        {{ months_later('cost_month', 'sales_cycle.lag_months') }} as cohort_month,
        sum(cost_amount) as cost_amount
    from {{ ref('customer_costs_monthly') }}
    cross join sales_cycle
    where cost_family = 'acquisition' and cost_source = 'pool'
    group by 1
),

own_costs as (
    select
        members.team,
        sum(costs.cost_amount) as cost_amount
    from {{ ref('customer_costs_monthly') }} as costs
    inner join members on costs.customer_id = members.customer_id and costs.cost_month <= members.cohort_month
    where costs.cost_family in ('acquisition', 'sales') and costs.cost_source = 'pool'
    group by 1
),

channels as (
    select
        channel,
        sum(cost_amount) as cost_amount
    from {{ ref('dim_campaigns') }}
    group by 1
)

select 'cohort' as scope_type, cast(members.cohort_month as varchar) as scope_id, members.customer_id, members.cohort_month, costs.cost_amount
from members
inner join acquisition_months as costs on members.cohort_month = costs.cohort_month
union all
select 'campaign', members.campaign_id, members.customer_id, members.cohort_month, campaigns.cost_amount
from members
inner join {{ ref('dim_campaigns') }} as campaigns on members.campaign_id = campaigns.campaign_id
union all
select 'channel', members.channel, members.customer_id, members.cohort_month, channels.cost_amount
from members
inner join channels on members.channel = channels.channel
union all
select 'team', members.team, members.customer_id, members.cohort_month, own_costs.cost_amount
from members
inner join own_costs on members.team = own_costs.team
