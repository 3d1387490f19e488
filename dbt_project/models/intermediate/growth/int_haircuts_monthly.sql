-- Won / forecast of a salesperson over the closed months before the snapshot: the snapshot for a month is taken one month before, which is not
-- closed then, so its last closed month lies two months back; eleven months in all. A month after the report month is forecast by the nearest
-- snapshot there is, and learns from what was forecast as far ahead. What was won without standing in the snapshot is no forecast, and no haircut
-- can be learned from it.
with deals as (
    select
        month_start_date,
        horizon_months,
        salesperson_id,
        sum(forecast_amount) as forecast_amount,
        sum(actual_amount) as actual_amount
    from {{ ref('int_forecast_deals') }}
    group by 1, 2, 3
),

months as (
    select * from {{ ref('dim_months') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

span as (
    select
        salesperson_id,
        min(month_start_date) as first_month
    from deals
    where horizon_months = 1
    group by 1
),

dense as (
    select
        months.month_start_date,
        months.is_complete,
        span.salesperson_id,
        1 as horizon_months
    from span
    inner join months on span.first_month <= months.month_start_date
    union all
    select
        deals.month_start_date,
        false,
        deals.salesperson_id,
        min(deals.horizon_months)
    from deals
    where deals.month_start_date > (select max(months.month_start_date) from months)
    group by 1, 2, 3
),

learned as (
    select
        dense.month_start_date,
        dense.horizon_months,
        dense.salesperson_id,
        sum(past.forecast_amount) as past_forecast_amount,
        sum(past.actual_amount) as past_actual_amount,
        count(case when past.forecast_amount > 0 then 1 end) as past_period_count
    from dense
    left join deals as past
        on
            dense.salesperson_id = past.salesperson_id
            and dense.horizon_months = past.horizon_months
            and past.month_start_date <= {{ months_later('dense.month_start_date', '-dense.horizon_months - 1') }}
            and past.month_start_date >= {{ months_later('dense.month_start_date', '-dense.horizon_months - 11') }}
    group by 1, 2, 3
)

select
    dense.month_start_date,
    dense.horizon_months,
    dense.is_complete,
    dense.salesperson_id,
    coalesce(salespeople.team, 'unknown') as team,
    coalesce(now.forecast_amount, 0) as forecast_amount,
    coalesce(now.actual_amount, 0) as actual_amount,
    coalesce(learned.past_forecast_amount, 0) as past_forecast_amount,
    coalesce(learned.past_actual_amount, 0) as past_actual_amount,
    learned.past_period_count,
    case when span.first_month <= {{ months_later('dense.month_start_date', -12) }} then coalesce(year_ago.actual_amount, 0) end as year_ago_actual_amount,
    {%- set team = "over (partition by dense.month_start_date, coalesce(salespeople.team, 'unknown'))" %}
    sum(coalesce(learned.past_forecast_amount, 0)) {{ team }} as team_past_forecast_amount,
    sum(coalesce(learned.past_actual_amount, 0)) {{ team }} as team_past_actual_amount
from dense
inner join learned
    on dense.month_start_date = learned.month_start_date and dense.salesperson_id = learned.salesperson_id and dense.horizon_months = learned.horizon_months
left join span on dense.salesperson_id = span.salesperson_id
left join salespeople on dense.salesperson_id = salespeople.salesperson_id
left join deals as now
    on dense.month_start_date = now.month_start_date and dense.salesperson_id = now.salesperson_id and dense.horizon_months = now.horizon_months
left join deals as year_ago
    on
        {{ months_later('dense.month_start_date', -12) }} = year_ago.month_start_date
        and dense.salesperson_id = year_ago.salesperson_id
        and year_ago.horizon_months = 1
