with night as (
    select * from {{ source('raw', 'night') }}
)

select
    run_id,
    company,
    company_name,
    report_date,
    complete_until_date,
    least(report_date, coalesce(complete_until_date, report_date)) as observed_until_date,
    known_by_date,
    reporting_currency,
    time_zone
from night
