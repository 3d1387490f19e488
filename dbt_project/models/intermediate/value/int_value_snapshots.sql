-- The report date and the same day a year before, each with the twelve months up to it.
with months as (
    select * from {{ ref('dim_months') }}
),

night as (
    select * from {{ ref('stg_company__night') }}
)

select
    case when months.month_start_date = {{ month_start('night.report_date') }} then 'now' else 'year before' end as snapshot,
    months.month_start_date,
    months.month_end_date,
    {{ months_later('months.month_start_date', -11) }} as window_start_date
from months
cross join night
where months.month_start_date in ({{ month_start('night.report_date') }}, {{ months_later('night.report_date', -12) }})
