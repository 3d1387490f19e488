-- The better of a customer's last two years, and the tier in which it would stand beside who is there today: who brought less than the least of tier B is C,
-- and beside nobody everybody is A.
with night as (
    select * from {{ ref('stg_company__night') }}
),

trailing_months as (
    select * from {{ ref('int_customer_trailing_monthly') }}
),

tiers as (
    select * from {{ ref('int_customer_tiers_monthly') }}
),

now_and_before as (
    select
        trailing_months.customer_id,
        max(trailing_months.value_amount) as best_year_amount
    from trailing_months
    cross join night
    where trailing_months.month_start_date in ({{ month_start('night.report_date') }}, {{ months_later('night.report_date', -12) }})
    group by 1
),

least as (
    select
        min(case when tiers.value_tier = 'A' then trailing_months.value_amount end) as least_a_amount,
        min(case when tiers.value_tier = 'B' then trailing_months.value_amount end) as least_b_amount
    from tiers
    cross join night
    inner join trailing_months on tiers.customer_id = trailing_months.customer_id and tiers.month_start_date = trailing_months.month_start_date
    where tiers.month_start_date = {{ month_start('night.report_date') }}
)

select
    now_and_before.customer_id,
    now_and_before.best_year_amount,
    case
        when now_and_before.best_year_amount <= 0 then 'C'
        when now_and_before.best_year_amount >= coalesce(least.least_a_amount, 0) then 'A'
        when now_and_before.best_year_amount >= least.least_b_amount then 'B'
        else 'C'
    end as best_year_tier
from now_and_before
cross join least
