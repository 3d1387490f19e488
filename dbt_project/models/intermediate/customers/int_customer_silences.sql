-- Who fell silent by its own rhythm: it bought nothing for longer than the declared multiple of its median interval (action_facts), and
-- longer than it ever stayed away before. From twenty purchases on, a pause that it took once is no rhythm, unless it was the same days a year
-- before. It takes six purchases to have a rhythm, or three at even distances of half a year and more: who bought every March is missed in June, not
-- after three years. Days after the last one that the deliveries show are not silent. A pause of a season is one that it took on the same days before.
{%- set least_purchases, many_purchases = 6, 20 %}
{%- set few_purchases, long_days, even = 3, 180, 1.25 %}
with night as (
    select least(report_date, observed_until_date) as as_of_date from {{ ref('stg_company__night') }}
),

purchases as (
    select
        customer_id,
        purchase_date,
        previous_purchase_date,
        {{ days_between('previous_purchase_date', 'purchase_date') }} as interval_days
    from {{ ref('int_customer_purchase_days') }}
    where basis = 'kept'
),

intervals as (
    select
        purchases.*,
        row_number() over (partition by purchases.customer_id order by purchases.interval_days desc nulls last, purchases.purchase_date) as pause_place,
        {%- for years in [1, 2] %}
        {{ 'or ' if not loop.first }}night.as_of_date - {{ 365 * years }} between purchases.previous_purchase_date and purchases.purchase_date
        {%- endfor %} as is_of_season
    from purchases
    cross join night
),

rhythms as (
    select
        customer_id,
        count(*) as purchase_count,
        max(purchase_date) as last_purchase_date,
        cast(median(interval_days) as decimal(18, 4)) as median_interval_days,
        min(interval_days) as shortest_interval_days,
        max(case when is_of_season then interval_days end) as season_pause_days,
        case
            when count(*) < {{ many_purchases }} then max(interval_days)
            else max(case when pause_place > 1 or is_of_season then interval_days end)
        end as longest_interval_days
    from intervals
    group by 1
),

dated as (
    select
        rhythms.*,
        {{ days_between('rhythms.last_purchase_date', 'night.as_of_date') }} as silent_days
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
    dated.purchase_count,
    cast(dated.season_pause_days as integer) as season_pause_days,
    (
        dated.purchase_count >= {{ least_purchases }}
        and dated.silent_days > declared.threshold * dated.median_interval_days
        and dated.silent_days > dated.longest_interval_days
    ) or (
        dated.purchase_count >= {{ few_purchases }}
        and dated.shortest_interval_days >= {{ long_days }}
        and dated.longest_interval_days <= {{ even }} * dated.shortest_interval_days
        and dated.silent_days > {{ even }} * dated.longest_interval_days
    ) as is_silent
from dated
cross join declared
