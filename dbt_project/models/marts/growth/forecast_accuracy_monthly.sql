-- WAPE = sum |F - A| / sum A, bias = sum (F - A) / sum A. The unit is a salesperson's month; for stages a salesperson's month and stage.
-- A month that has not passed is not judged: what is forecast of it may still be won.
with compared as (
    select * from {{ ref('int_forecasts_compared') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

by_salesperson as (
    select
        compared.month_start_date,
        compared.horizon_months,
        compared.salesperson_id,
        sum(compared.forecast_amount) as forecast_amount,
        sum(compared.actual_amount) as actual_amount,
        abs(sum(compared.forecast_amount) - sum(compared.actual_amount)) as absolute_error_amount
    from compared
    group by 1, 2, 3
),

scoped as (
    {{ scoped_sums('by_salesperson', ['month_start_date', 'horizon_months'], ['forecast_amount', 'actual_amount', 'absolute_error_amount'], ['company', 'salesperson', 'team']) }}
    union all
    select
        'stage',
        stage,
        month_start_date,
        horizon_months,
        sum(forecast_amount),
        sum(actual_amount),
        sum(abs(forecast_amount - actual_amount))
    from compared
    group by 2, 3, 4
)

select
    scoped.month_start_date,
    cast(scoped.horizon_months as integer) as horizon_months,
    scoped.scope_type,
    scoped.scope_id,
    months.is_complete,
    cast(scoped.forecast_amount as decimal(18, 4)) as forecast_amount,
    cast(scoped.actual_amount as decimal(18, 4)) as actual_amount,
    case when months.is_complete then cast(scoped.absolute_error_amount as decimal(18, 4)) end as absolute_error_amount,
    case when months.is_complete then {{ safe_share('scoped.absolute_error_amount', 'scoped.actual_amount') }} end as wape_share,
    case when months.is_complete then {{ safe_share('scoped.forecast_amount - scoped.actual_amount', 'scoped.actual_amount') }} end as bias_share,
    case
        when not months.is_complete then 'month_not_passed'
        when scoped.actual_amount <= 0 then 'nothing_won'
    end as accuracy_reason
from scoped
inner join months on scoped.month_start_date = months.month_start_date
