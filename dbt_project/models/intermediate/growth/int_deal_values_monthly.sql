-- What was known at a month end of the deals that were open then: what a deal of that product brought when it was won before, and
-- how many of the deals closed before were won. No amount, stage or outcome of later is used.
with months as (
    select * from {{ ref('dim_months') }}
),

opportunities as (
    select
        *,
        coalesce(product_id, 'unknown') as deal_product_id
    from {{ ref('fct_opportunities') }}
    where not (has_partial_outcome and closed_date is null)
),

closed as (
    select
        months.month_start_date,
        opportunities.deal_product_id,
        count(*) as closed_count,
        count(case when opportunities.is_won then 1 end) as won_count,
        sum(case when opportunities.is_won then opportunities.amount end) as won_amount
    from months
    inner join opportunities on opportunities.is_closed and opportunities.closed_date <= months.month_end_date
    group by 1, 2
),

totals as (
    select
        month_start_date,
        sum(closed_count) as closed_count,
        sum(won_count) as won_count,
        sum(won_amount) as won_amount
    from closed
    group by 1
),

open_deals as (
    select
        months.month_start_date,
        opportunities.opportunity_id,
        opportunities.salesperson_id,
        opportunities.deal_product_id,
        case
            when opportunities.is_won and opportunities.closed_date < {{ months_later('months.month_start_date', 4) }}
                then coalesce(opportunities.amount, 0)
            else 0
        end as realised_amount
    from months
    inner join opportunities
        on
            opportunities.created_date <= months.month_end_date
            and (opportunities.closed_date is null or opportunities.closed_date > months.month_end_date)
)

select
    open_deals.month_start_date,
    open_deals.opportunity_id,
    open_deals.salesperson_id,
    cast(coalesce(
        {{ safe_share('closed.won_amount', 'closed.won_count') }}, {{ safe_share('totals.won_amount', 'totals.won_count') }}
    ) as decimal(18, 2)) as expected_amount,
    {{ safe_share('totals.won_count', 'totals.closed_count') }} as win_share,
    open_deals.realised_amount
from open_deals
left join totals on open_deals.month_start_date = totals.month_start_date
left join closed
    on open_deals.month_start_date = closed.month_start_date and open_deals.deal_product_id = closed.deal_product_id
