-- A deal is open at a month end when it was opened by then and closed later or not at all.
with months as (
    select * from {{ ref('dim_months') }}
),

opportunities as (
    select
        *,
        coalesce(kind, 'unknown') as deal_kind
    from {{ ref('fct_opportunities') }}
),

created as (
    select
        {{ month_start('created_date') }} as month_start_date,
        salesperson_id,
        product_family,
        deal_kind,
        'created' as moment,
        coalesce(amount, 0) as amount
    from opportunities
),

closed as (
    select
        {{ month_start('closed_date') }} as month_start_date,
        salesperson_id,
        product_family,
        deal_kind,
        case when is_won then 'won' else 'lost' end as moment,
        coalesce(amount, 0) as amount
    from opportunities
    where is_closed
),

standing as (
    select
        months.month_start_date,
        opportunities.salesperson_id,
        opportunities.product_family,
        opportunities.deal_kind,
        case when opportunities.amount is null then 'open_unpriced' else 'open' end as moment,
        coalesce(opportunities.amount, 0) as amount
    from opportunities
    inner join months
        on
            opportunities.created_date <= months.month_end_date
            and (opportunities.closed_date is null or opportunities.closed_date > months.month_end_date)
),

moments as (
    select * from created
    union all
    select * from closed
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
    {{ money_sum("case when moment = 'won' then amount end") }} as won_amount,
    {{ money_sum("case when moment = 'lost' then amount end") }} as lost_amount,
    count(case when moment in ('open', 'open_unpriced') then 1 end) as open_count,
    count(case when moment = 'open_unpriced' then 1 end) as unpriced_open_count,
    {{ money_sum("case when moment = 'open' then amount end") }} as pipeline_amount
from moments
group by 1, 2, 3, 4
