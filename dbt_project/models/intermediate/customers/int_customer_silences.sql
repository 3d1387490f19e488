-- Who fell silent by its own rhythm: it bought nothing for longer than the declared multiple of its median interval (action_facts), and
-- longer than ever before. It takes six purchases to have a rhythm. Days after the last one that the deliveries show are not silent.
with night as (
    select * from {{ ref('stg_company__night') }}
),

intervals as (
    select * from {{ ref('int_customer_purchase_days') }} where basis = 'kept'
),

rhythms as (
    select
        customer_id,
        count(*) as purchase_count,
        max(purchase_date) as last_purchase_date,
        cast(median({{ days_between('previous_purchase_date', 'purchase_date') }}) as decimal(18, 4)) as median_interval_days,
        max({{ days_between('previous_purchase_date', 'purchase_date') }}) as longest_interval_days
    from intervals
    group by 1
),

dated as (
    select
        rhythms.*,
        {{ days_between('rhythms.last_purchase_date', 'least(night.report_date, night.observed_until_date)') }} as silent_days
    from rhythms
    cross join night
),

declared as (
    select threshold from {{ ref('action_facts') }} where fact = 'silent'
)

select
    dated.customer_id,
    dated.last_purchase_date,
    dated.median_interval_days,
    cast(dated.longest_interval_days as integer) as longest_interval_days,
    cast(dated.silent_days as integer) as silent_days,
    dated.purchase_count >= 6
    and dated.silent_days > declared.threshold * dated.median_interval_days
    and dated.silent_days > dated.longest_interval_days as is_silent
from dated
cross join declared
