with night as (
    select * from {{ ref('stg_company__night') }}
),

bookings as (
    select * from {{ ref('stg_targets__commission_bookings') }}
)

select
    bookings.booking_id,
    bookings.salesperson_id,
    bookings.invoice_id,
    bookings.booked_date,
    bookings.amount
from bookings
cross join night
where bookings.booked_date <= night.report_date
