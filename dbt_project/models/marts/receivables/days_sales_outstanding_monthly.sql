with periods as (
    select * from {{ ref('int_receivables_by_period') }} where is_latest
),

countback as (
    select * from {{ ref('int_countback_monthly') }}
),

true_days as (
    select * from {{ ref('int_true_days_monthly') }}
),

simple as (
    select
        *,
        {{ safe_share('receivables_amount * day_count', 'credit_sales_gross_amount') }} as dso_simple_days,
        {{ safe_share('not_due_amount * day_count', 'credit_sales_gross_amount') }} as dso_best_possible_days,
        {{ safe_share('credit_sales_gross_amount', 'day_count') }} as euro_per_dso_day_amount
    from periods
)

select
    simple.period_type,
    simple.period_start_date,
    simple.period_end_date,
    simple.scope_type,
    simple.scope_id,
    simple.is_complete,
    cast(simple.day_count as integer) as day_count,
    cast(simple.receivables_amount as decimal(18, 4)) as receivables_amount,
    cast(simple.not_due_amount as decimal(18, 4)) as not_due_amount,
    cast(simple.credit_sales_gross_amount as decimal(18, 4)) as credit_sales_gross_amount,
    simple.dso_simple_days,
    simple.dso_best_possible_days,
    simple.dso_simple_days - simple.dso_best_possible_days as average_delinquent_days,
    countback.countback_days as dso_countback_days,
    cast(countback.countback_at_least_days as integer) as dso_countback_at_least_days,
    countback.reason as dso_countback_reason,
    true_days.true_days as dso_true_days,
    simple.euro_per_dso_day_amount
from simple
left join countback
    on
        case when simple.period_type = 'month' then simple.period_start_date end = countback.month_start_date
        and simple.scope_type = countback.scope_type
        and simple.scope_id = countback.scope_id
left join true_days
    on
        case when simple.period_type = 'month' then simple.period_start_date end = true_days.month_start_date
        and simple.scope_type = true_days.scope_type
        and simple.scope_id = true_days.scope_id
