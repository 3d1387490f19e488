with night as (
    select * from {{ ref('stg_company__night') }}
),

invoices as (
    select min(issued_date) as first_date from {{ ref('stg_order_to_cash__invoices') }}
),

orders as (
    select min(cast(ordered_at as date)) as first_date from {{ ref('stg_order_to_cash__orders') }}
),

payments as (
    select min(received_date) as first_date from {{ ref('stg_order_to_cash__payments') }}
),

opportunities as (
    select min(created_date) as first_date from {{ ref('stg_customer_relations__opportunities') }}
),

span as (
    select
        night.report_date,
        night.observed_until_date,
        least(
            night.report_date,
            coalesce(invoices.first_date, night.report_date),
            coalesce(orders.first_date, night.report_date),
            coalesce(payments.first_date, night.report_date),
            coalesce(opportunities.first_date, night.report_date)
        ) as first_date
    from night
    cross join invoices
    cross join orders
    cross join payments
    cross join opportunities
),

months as (
    {{ month_series('span', 'first_date', 'report_date') }}
)

select
    months.month_start_date,
    least({{ month_end('months.month_start_date') }}, span.report_date) as month_end_date,
    {{ quarter_start('months.month_start_date') }} as quarter_start_date,
    {{ year_start('months.month_start_date') }} as year_start_date,
    cast({{ days_between('months.month_start_date', 'least(' ~ month_end('months.month_start_date') ~ ', span.report_date)') }} + 1 as integer) as day_count,
    {{ month_end('months.month_start_date') }} <= span.observed_until_date as is_complete
from months
cross join span
