-- The forecast by what deals of that stage and age brought of theirs, in the eleven closed months before the snapshot's month: a stage and age leans
-- on its stage, and the stage on all deals, as on so many deals of its own. Nothing of who forecast it.
with deals as (
    select * from {{ ref('int_forecast_deals') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

targets as (
    select distinct
        month_start_date,
        horizon_months
    from deals
),

learned as (
    select
        targets.month_start_date,
        targets.horizon_months,
        deals.stage,
        deals.age_class,
        sum(deals.forecast_amount) as forecast_amount,
        sum(deals.actual_amount) as actual_amount,
        count(*) as deal_count
    from targets
    inner join deals
        on
            targets.horizon_months = deals.horizon_months
            and deals.month_start_date <= {{ months_later('targets.month_start_date', '-targets.horizon_months - 1') }}
            and deals.month_start_date >= {{ months_later('targets.month_start_date', '-targets.horizon_months - 11') }}
    group by 1, 2, 3, 4
),

{%- set target = 'partition by learned.month_start_date, learned.horizon_months' %}

leaning as (
    select
        learned.*,
        sum(learned.actual_amount) over ({{ target }}) as all_actual_amount,
        sum(learned.forecast_amount) over ({{ target }}) as all_forecast_amount,
        sum(learned.actual_amount) over ({{ target }}, learned.stage) as stage_actual_amount,
        sum(learned.forecast_amount) over ({{ target }}, learned.stage) as stage_forecast_amount,
        cast(parameters.stage_shrinkage_deals as double) * cast(sum(learned.forecast_amount) over ({{ target }}) as double)
        / sum(learned.deal_count) over ({{ target }}) as weight_amount
    from learned
    cross join parameters
),

staged as (
    select
        *,
        cast(all_actual_amount as double) / nullif(cast(all_forecast_amount as double), 0) as all_share,
        (cast(stage_actual_amount as double) + weight_amount * cast(all_actual_amount as double) / nullif(cast(all_forecast_amount as double), 0))
        / nullif(cast(stage_forecast_amount as double) + weight_amount, 0) as stage_share
    from leaning
),

rates as (
    select
        *,
        (cast(actual_amount as double) + weight_amount * stage_share) / nullif(cast(forecast_amount as double) + weight_amount, 0) as cell_share
    from staged
),

all_rates as (
    select month_start_date, horizon_months, max(all_share) as all_share from rates group by 1, 2
),

stage_rates as (
    select month_start_date, horizon_months, stage, max(stage_share) as stage_share from rates group by 1, 2, 3
)

select
    deals.month_start_date,
    deals.horizon_months,
    deals.salesperson_id,
    cast(sum({{ rounded_half_up(
        'cast(deals.forecast_amount as decimal(28, 4)) * cast(round(coalesce(rates.cell_share, stage_rates.stage_share, all_rates.all_share), 6) as decimal(9, 6))'
    ) }}) as decimal(18, 4)) as staged_amount
from deals
inner join all_rates on deals.month_start_date = all_rates.month_start_date and deals.horizon_months = all_rates.horizon_months
left join stage_rates
    on deals.month_start_date = stage_rates.month_start_date and deals.horizon_months = stage_rates.horizon_months and deals.stage = stage_rates.stage
left join rates
    on
        deals.month_start_date = rates.month_start_date
        and deals.horizon_months = rates.horizon_months
        and deals.stage = rates.stage
        and deals.age_class = rates.age_class
where all_rates.all_share is not null
group by 1, 2, 3
