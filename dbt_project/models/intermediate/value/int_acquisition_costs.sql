-- What bringing customers cost, as each cut can see it by itself. A cohort bears the acquisition pools of the months in which its deals began: the
-- lag is the median sales cycle of the new deals won by then, in whole months, so that a month's cost stays with its cohort. Months without a new
-- customer bear theirs all the same, also those that are yet to come, so that cohorts sum to the pools in the ledger. Before and after the pools
-- that were delivered the cost is not known. A campaign and a channel see their own cost, a team the acquisition minutes on its customers.
with pools as (
    select
        cost_month,
        sum(cost_amount) as cost_amount
    from {{ ref('customer_costs_monthly') }}
    where cost_source = 'pool' and cost_family = 'acquisition'
    group by 1
),

lags as (
    select
        pools.cost_month,
        coalesce(cast(round(median({{ days_between('deals.created_date', 'deals.closed_date') }}) / 30.4) as integer), 0) as lag_months
    from pools
    left join {{ ref('fct_opportunities') }} as deals
        on
            deals.kind = 'new'
            and deals.is_won
            and deals.closed_date < {{ months_later('pools.cost_month', 1) }}
    group by 1
),

minutes as (
    select * from {{ ref('customer_costs_monthly') }} where cost_source = 'pool' and cost_family = 'acquisition' and assignment = 'customer'
),

members as (
    select * from {{ ref('int_acquisition_members') }} where scope_type = 'team'
),

campaigns as (
    select * from {{ ref('dim_campaigns') }} where cost_amount is not null
),

cohort_costs as (
    select
        {{ months_later('pools.cost_month', 'lags.lag_months') }} as cohort_month,
        sum(pools.cost_amount) as cost_amount
    from pools
    inner join lags on pools.cost_month = lags.cost_month
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
    sum(minutes.cost_amount)
from minutes
inner join members on minutes.customer_id = members.customer_id and minutes.cost_month <= members.cohort_month
where members.scope_id <> 'not attributed'
group by 2
