-- Weeks count from the month end: week 1 is the seven days after it. The last month end is the forecast; the earlier ones, with what
-- those same invoices brought, are its back-test: each knows no more than was known then. A week that has not passed is not judged.
with expected as (
    select * from {{ ref('int_cash_expected_weekly') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

events as (
    select * from {{ ref('fct_receivable_events') }} where event_type in ('cash_applied', 'reversed') and not is_held_out
),

forecast_invoices as (
    select distinct
        open_invoices.month_start_date,
        open_invoices.month_end_date,
        open_invoices.invoice_id
    from {{ ref('int_invoices_open_monthly') }} as open_invoices
    where
        not open_invoices.is_held_out
        and open_invoices.open_amount > 0
        and open_invoices.month_start_date in (select expected.month_start_date from expected)
),

night as (
    select * from {{ ref('stg_company__night') }}
),

parts as (
    select
        month_start_date,
        week_number,
        expected_amount,
        as_due_amount,
        0 as collected_amount
    from expected
    union all
    select
        forecast_invoices.month_start_date,
        least(cast(ceil({{ days_between('forecast_invoices.month_end_date', 'events.event_date') }} / 7.0) as integer), 14),
        0,
        0,
        -events.amount
    from forecast_invoices
    inner join events on forecast_invoices.invoice_id = events.invoice_id and forecast_invoices.month_end_date < events.event_date
),

weeks as (
    select
        parts.month_start_date,
        parts.week_number,
        months.month_end_date + (parts.week_number - 1) * 7 + 1 as week_start_date,
        parts.week_number < 14 and months.month_end_date + parts.week_number * 7 <= night.observed_until_date as is_complete,
        {{ money_sum('parts.expected_amount') }} as expected_amount,
        {{ money_sum('parts.as_due_amount') }} as as_due_amount,
        {{ money_sum('parts.collected_amount') }} as collected_amount
    from parts
    cross join night
    inner join months on parts.month_start_date = months.month_start_date
    group by 1, 2, 3, 4
)

select
    month_start_date,
    week_number,
    week_start_date,
    is_complete,
    expected_amount,
    as_due_amount,
    collected_amount,
    case when is_complete then cast(abs(expected_amount - collected_amount) as decimal(18, 4)) end as absolute_error_amount,
    case when is_complete then cast(abs(as_due_amount - collected_amount) as decimal(18, 4)) end as as_due_error_amount
from weeks
