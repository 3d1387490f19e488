-- Why a customer was lost is what CRM says of the latest deal that it lost with this customer in the year up to the month end. A deal
-- that is closed later never rewrites the month. Its value is that of the opening, as in the migration between segments.
with losses as (
    select * from {{ ref('customer_months') }} where state = 'churned'
),

months as (
    select * from {{ ref('dim_months') }}
),

base as (
    select * from {{ ref('customer_base_monthly') }}
),

deals as (
    select * from {{ ref('fct_opportunities') }} where is_closed and not is_won and lost_reason is not null
),

named as (
    select
        losses.customer_id,
        losses.month_start_date,
        deals.lost_reason,
        row_number() over (
            partition by losses.customer_id, losses.month_start_date order by deals.closed_date desc, deals.opportunity_id desc
        ) as latest_rank
    from losses
    inner join months on losses.month_start_date = months.month_start_date
    inner join deals
        on
            losses.customer_id = deals.customer_id
            and deals.closed_date <= months.month_end_date
            and {{ days_between('deals.closed_date', 'months.month_end_date') }} <= 365
)

select
    losses.customer_id,
    losses.month_start_date,
    losses.is_provisional,
    coalesce(named.lost_reason, 'unknown') as churn_reason,
    cast(coalesce(base.value_amount, 0) as decimal(18, 4)) as lost_value_amount
from losses
left join named on losses.customer_id = named.customer_id and losses.month_start_date = named.month_start_date and named.latest_rank = 1
left join base
    on losses.customer_id = base.customer_id and losses.month_start_date = {{ months_later('base.month_start_date', 1) }}
