with definitions as (
    select * from {{ ref('kpi_definitions') }}
),

requirements as (
    select * from {{ ref('kpi_requirements') }}
),

coverage as (
    select * from {{ ref('stg_company__entity_coverage') }}
),

missing as (
    select
        requirements.kpi,
        string_agg(
            requirements.entity || coalesce(' (' || coverage.reason || ')', ''), ', ' order by requirements.entity
        ) as missing_entities
    from requirements
    left join coverage on requirements.entity = coverage.entity
    where coalesce(coverage.is_delivered, false) = false
    group by requirements.kpi
)

select
    definitions.kpi,
    missing.kpi is null as is_available,
    'not delivered: ' || missing.missing_entities as reason
from definitions
left join missing on definitions.kpi = missing.kpi
