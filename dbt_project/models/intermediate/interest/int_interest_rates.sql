-- Interest that may be asked of a customer, from a day on: by its contract, else by what the company delivers for all, else the statutory
-- rate where the books are in euros. A customer's own rates take the place of all others.
with night as (
    select * from {{ ref('stg_company__night') }}
),

delivered as (
    select * from {{ ref('stg_ledger__interest_rates') }}
),

rates as (
    select
        coalesce(customer_id, 'everybody') as rated_customer_id,
        valid_from_date,
        rate_share
    from delivered
    union all
    select
        'everybody',
        statutory.valid_from_date,
        statutory.interest_share
    from {{ ref('statutory_interest_rates') }} as statutory
    inner join night on night.reporting_currency = 'EUR'
    where not exists (select 1 from delivered where delivered.customer_id is null)
)

select
    rated_customer_id,
    valid_from_date,
    coalesce(lead(valid_from_date) over (partition by rated_customer_id order by valid_from_date), date '9999-12-31') as valid_until_date,
    max(rate_share) as rate_share
from rates
group by rated_customer_id, valid_from_date
