-- A deal is open at a month end when it was opened by then and closed later or not at all. A closing without outcome is neither won nor
-- lost; an outcome without its day is counted at every month end from the day on which the deal was opened.
with months as (
    select * from {{ ref('dim_months') }}
),

opportunities as (
    select
        *,
        coalesce(kind, 'unknown') as deal_kind
    from {{ ref('fct_opportunities') }}
),

open_deals as (
    select * from {{ ref('int_opportunities_standing_monthly') }}
),

created as (
    select
        {{ month_start('created_date') }} as month_start_date,
        salesperson_id,
        product_family,
        deal_kind,
        'created' as moment,
        coalesce(amount, 0) as amount,
        false as is_amount_of_today
    from opportunities
),

closed as (
    select
        {{ month_start('closed_date') }} as month_start_date,
        salesperson_id,
        product_family,
        deal_kind,
        case when not is_closed then 'partial' when is_won then 'won' else 'lost' end as moment,
        coalesce(amount, 0) as amount,
        false as is_amount_of_today
    from opportunities
    where closed_date is not null
),

undated as (
    select
        months.month_start_date,
        opportunities.salesperson_id,
        opportunities.product_family,
        opportunities.deal_kind,
        'partial' as moment,
        coalesce(opportunities.amount, 0) as amount,
        false as is_amount_of_today
    from opportunities
    inner join months on opportunities.created_date <= months.month_end_date
    where opportunities.has_partial_outcome and opportunities.closed_date is null
),

standing as (
    select
        month_start_date,
        salesperson_id,
        product_family,
        deal_kind,
        case when not is_amount_known then 'open_unknown' when amount is null then 'open_unpriced' else 'open' end as moment,
        coalesce(amount, 0) as amount,
        is_amount_of_today
    from open_deals
),

moments as (
    select * from created
    union all
    select * from closed
    union all
    select * from undated
    union all
    select * from standing
)

select
    month_start_date,
    salesperson_id,
    product_family,
    deal_kind,
    count(case when moment = 'created' then 1 end) as created_count,
    count(case when moment = 'won' then 1 end) as won_count,
    count(case when moment = 'lost' then 1 end) as lost_count,
    count(case when moment = 'partial' then 1 end) as partial_outcome_count,
    {{ money_sum("case when moment = 'won' then amount end") }} as won_amount,
    {{ money_sum("case when moment = 'lost' then amount end") }} as lost_amount,
    count(case when moment in ('open', 'open_unpriced', 'open_unknown') then 1 end) as open_count,
    count(case when moment = 'open_unpriced' then 1 end) as unpriced_open_count,
    count(case when moment = 'open_unknown' then 1 end) as unknown_open_count,
    count(case when is_amount_of_today then 1 end) as undated_open_count,
    case when count(case when moment = 'open_unknown' then 1 end) = 0 then {{ money_sum("case when moment = 'open' then amount end") }} end as pipeline_amount
from moments
group by 1, 2, 3, 4
