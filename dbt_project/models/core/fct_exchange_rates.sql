with night as (
    select * from {{ ref('stg_company__night') }}
),

exchange_rates as (
    select * from {{ ref('stg_ledger__exchange_rates') }}
)

select
    exchange_rates.rate_date,
    exchange_rates.currency,
    exchange_rates.rate
from exchange_rates
cross join night
where exchange_rates.rate_date <= night.report_date
