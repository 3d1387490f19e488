-- What was known of a deal from a day on: a delivery that carries its day, or a snapshot of the forecast. Of both on one day the delivery
-- holds; a snapshot can spread a deal over several months.
with night as (
    select * from {{ ref('stg_company__night') }}
),

versions as (
    select * from {{ ref('stg_company__opportunity_versions') }}
),

deliveries as (
    select * from {{ ref('stg_company__source_deliveries') }} where delivered_date is not null and not is_replaced
),

snapshots as (
    select * from {{ ref('stg_customer_relations__forecast_snapshots') }} where opportunity_id is not null
),

known as (
    select
        versions.opportunity_id,
        deliveries.delivered_date as known_date,
        'delivery' as known_from,
        versions.version_number,
        versions.stage,
        versions.amount
    from versions
    inner join deliveries on versions.delivery_id = deliveries.delivery_id
    union all
    select
        opportunity_id,
        snapshot_date,
        'snapshot',
        0,
        max(stage),
        sum(amount)
    from snapshots
    group by 1, 2
),

ranked as (
    select
        known.*,
        row_number() over (partition by known.opportunity_id, known.known_date order by known.version_number desc) as version_rank
    from known
    cross join night
    where known.known_date <= night.report_date
)

select
    opportunity_id,
    known_date,
    lead(known_date) over (partition by opportunity_id order by known_date) as next_known_date,
    known_from,
    stage,
    cast(amount as decimal(18, 4)) as amount
from ranked
where version_rank = 1
