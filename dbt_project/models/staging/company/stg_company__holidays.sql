with holidays as (
    select * from {{ source('raw', 'holidays') }}
)

select
    country,
    holiday_date,
    name
from holidays
