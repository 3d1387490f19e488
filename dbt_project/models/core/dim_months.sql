-- The months of the figures. A month is complete when all its days were observed: from the first complete month of any of the entities
-- that begin a history to the last complete day.
with night as (
    select * from {{ ref('stg_company__night') }}
),

observed as (
    select
        min(first_date) as first_date,
        min(first_complete_month_start_date) as first_complete_month_start_date
    from {{ ref('dim_observations') }}
    where entity in ('invoices', 'open_items', 'orders', 'payments', 'opportunities')
),

span as (
    select
        night.report_date,
        night.observed_until_date,
        coalesce(observed.first_date, night.report_date) as first_date,
        observed.first_complete_month_start_date,
        least(coalesce(observed.first_date, night.report_date), coalesce(observed.first_complete_month_start_date, night.report_date)) as known_from_date
    from night
    cross join observed
),

months as (
    {{ month_series('span', 'first_date', 'report_date') }}
),

known as (
    select
        months.month_start_date,
        least({{ month_end('months.month_start_date') }}, span.report_date) as month_end_date,
        greatest(months.month_start_date, span.known_from_date) as known_from_date,
        least({{ month_end('months.month_start_date') }}, span.observed_until_date) as known_until_date,
        {{ month_end('months.month_start_date') }} <= span.observed_until_date
        and coalesce(months.month_start_date >= span.first_complete_month_start_date, false) as is_complete
    from months
    cross join span
)

select
    month_start_date,
    month_end_date,
    {{ quarter_start('month_start_date') }} as quarter_start_date,
    {{ year_start('month_start_date') }} as year_start_date,
    cast({{ days_between('month_start_date', 'month_end_date') }} + 1 as integer) as day_count,
    cast(greatest({{ days_between('known_from_date', 'known_until_date') }} + 1, 0) as integer) as known_day_count,
    is_complete
from known
