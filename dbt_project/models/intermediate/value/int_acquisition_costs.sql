-- What bringing customers cost, whether it brought any or not. A cohort bears the acquisition pools of the months in which its deals began: the
-- lag is the median sales cycle of won new deals, in whole months. Months without a new customer bear theirs all the same, also those that
-- are yet to come, so that cohorts sum to the pools in the ledger. Before and after the pools that were delivered the cost is not known.
with sales_cycle as (
    select coalesce(cast(round(median({{ days_between('created_date', 'closed_date') }}) / 30.4) as integer), 0) as lag_months
    from {{ ref('fct_opportunities') }}
    where kind = 'new' and is_won and closed_date is not null
),

costs as (
    select * from {{ ref('customer_costs_monthly') }} where cost_source = 'pool'
),

members as (
    select * from {{ ref('int_acquisition_members') }} where scope_type = 'team'
),

campaigns as (
    select * from {{ ref('dim_campaigns') }} where cost_amount is not null
),

cohort_costs as (
    select
        {{ months_later('costs.cost_month', 'sales_cycle.lag_months') }} as cohort_month,
        sum(costs.cost_amount) as cost_amount
    from costs
    cross join sales_cycle
    where costs.cost_family = 'acquisition'
    group by 1
),

span as (
    select
        min(cohort_month) as first_month,
        max(cohort_month) as last_month
    from cohort_costs
),

cohort_months as (
    select distinct months.month_start_date
    from (
        {{ month_series('span', 'first_month', 'last_month') }}
    ) as months
)

select
    'cohort' as scope_type,
    cast(cohort_months.month_start_date as varchar) as scope_id,
    coalesce(cohort_costs.cost_amount, 0) as cost_amount
from cohort_months
left join cohort_costs on cohort_months.month_start_date = cohort_costs.cohort_month
union all
select
    'campaign',
    campaign_id,
    cost_amount
from campaigns
union all
select
    'channel',
    channel,
    sum(cost_amount)
from campaigns
where channel is not null
group by 2
union all
select
    'team',
    members.scope_id,
    sum(costs.cost_amount)
from costs
inner join members on costs.customer_id = members.customer_id and costs.cost_month <= members.cohort_month
where costs.cost_family in ('acquisition', 'sales')
group by 2
