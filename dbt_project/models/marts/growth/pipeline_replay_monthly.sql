-- The pipeline of each month end as it was known then, beside what of it was won in the three months after. Calibrated: raw x what
-- earlier month ends turned out to bring, of those only whose three months had passed.
with deals as (
    select * from {{ ref('int_deal_values_monthly') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

night as (
    select * from {{ ref('stg_company__night') }}
),

coverage as (
    select * from {{ ref('stg_company__entity_coverage') }} where entity = 'opportunities' and is_delivered
),

replayed as (
    select
        months.month_start_date,
        {{ months_later('months.month_start_date', 4) }} <= night.observed_until_date + 1 as is_complete,
        count(deals.opportunity_id) as open_count,
        count(case when deals.expected_amount is null and deals.opportunity_id is not null then 1 end) as unvalued_count,
        coalesce(sum(deals.expected_amount), 0) as raw_amount,
        coalesce(sum(cast(deals.expected_amount as decimal(38, 4)) * cast(deals.win_share as decimal(9, 6))), 0) as weighted_amount,
        coalesce(sum(deals.realised_amount), 0) as realised_amount
    from months
    cross join night
    cross join coverage
    left join deals on months.month_start_date = deals.month_start_date
    group by 1, 2
),

learned as (
    select
        *,
        sum(raw_amount) over (order by month_start_date rows between unbounded preceding and 3 preceding) as past_raw_amount,
        sum(case when raw_amount > 0 then realised_amount else 0 end) over (
            order by month_start_date rows between unbounded preceding and 3 preceding
        ) as past_realised_amount
    from replayed
),

shares as (
    select
        *,
        {{ safe_share('past_realised_amount', 'past_raw_amount') }} as realised_share
    from learned
)

select
    shares.month_start_date,
    shares.is_complete,
    shares.open_count,
    shares.unvalued_count,
    cast(shares.raw_amount as decimal(18, 4)) as raw_amount,
    {{ rounded_half_up('shares.weighted_amount') }} as weighted_amount,
    {{ rounded_half_up('cast(shares.raw_amount as decimal(38, 4)) * (1 - parameters.flat_haircut_share)') }} as flat_amount,
    shares.realised_share,
    {{ rounded_half_up('cast(shares.raw_amount as decimal(38, 4)) * cast(shares.realised_share as decimal(9, 6))') }} as calibrated_amount,
    case when shares.is_complete then cast(shares.realised_amount as decimal(18, 4)) end as realised_amount,
    cast(shares.realised_amount as decimal(18, 4)) as realised_so_far_amount
from shares
cross join parameters
