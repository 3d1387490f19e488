-- Simple DSO in three parts that sum to it: not due (terms granted), overdue by an error of ours, and the rest (paid late, less
-- what is received and not applied). Its change from month to month is the sum of the changes of the parts.
with days_sales as (
    select * from {{ ref('days_sales_outstanding_monthly') }} where period_type = 'month'
),

overdue_split as (
    select * from {{ ref('overdue_split_monthly') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

errors as (
    {{ scoped_sums('overdue_split', ['month_start_date'], ['our_error_amount']) }}
),

parts as (
    select
        days_sales.period_start_date as month_start_date,
        days_sales.scope_type,
        days_sales.scope_id,
        days_sales.is_complete,
        days_sales.dso_simple_days,
        days_sales.dso_best_possible_days as terms_granted_days,
        {{ safe_share('coalesce(errors.our_error_amount, 0) * days_sales.day_count', 'days_sales.credit_sales_gross_amount') }} as own_errors_days
    from days_sales
    left join errors
        on
            days_sales.period_start_date = errors.month_start_date
            and days_sales.scope_type = errors.scope_type
            and days_sales.scope_id = errors.scope_id
),

additive as (
    select
        *,
        cast(dso_simple_days - terms_granted_days - own_errors_days as decimal(38, 6)) as late_payment_days
    from parts
)

{%- set window = 'over (partition by scope_type, scope_id order by month_start_date)' %}

select
    month_start_date,
    scope_type,
    scope_id,
    is_complete,
    dso_simple_days,
    terms_granted_days,
    late_payment_days,
    own_errors_days,
    {%- for part in ['dso_simple', 'terms_granted', 'late_payment', 'own_errors'] %}
    cast({{ part }}_days - lag({{ part }}_days) {{ window }} as decimal(38, 6)) as {{ part }}_change_days{{ ',' if not loop.last }}
    {%- endfor %}
from additive
