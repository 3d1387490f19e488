-- A rate holds on its own day and, until the next one, for seven days more (a long holiday); after that it is missing.
with night as (
    select * from {{ ref('stg_company__night') }}
),

exchange_rates as (
    select * from {{ ref('stg_ledger__exchange_rates') }}
),

ages as (
    select * from (values (0), (1), (2), (3), (4), (5), (6), (7)) as numbers (age_days)
),

spread as (
    select
        exchange_rates.currency,
        exchange_rates.rate_date + ages.age_days as valid_date,
        exchange_rates.rate_date as quoted_date,
        exchange_rates.rate,
        row_number() over (
            partition by exchange_rates.currency, exchange_rates.rate_date + ages.age_days
            order by exchange_rates.rate_date desc
        ) as age_rank
    from exchange_rates
    cross join ages
    cross join night
    where exchange_rates.rate_date + ages.age_days <= night.report_date
)

select
    currency,
    valid_date,
    quoted_date,
    rate
from spread
where age_rank = 1
