-- Which KPIs have their entities, and which entities the others lack.
with definitions as (
    select * from {{ ref('kpi_definitions') }}
),

requirements as (
    select * from {{ ref('kpi_requirements') }}
),

-- That a company does not deliver an entity is said already; its own words say more.
coverage as (
    select
        entity,
        is_delivered,
        nullif(reason, 'the company does not deliver it') as reason
    from {{ ref('stg_company__entity_coverage') }}
),

-- Several contracts can each do as well.
instead as (
    select distinct
        requirements.kpi,
        requirements.entity
    from requirements
    inner join coverage on ' ' || requirements.or_entity || ' ' like '% ' || coverage.entity || ' %'
    where coverage.is_delivered
),

lacking as (
    select
        requirements.kpi,
        {{ reason_coded(
            "case when coverage.reason is null then 'not_delivered' else 'not_delivered_because' end",
            subject='requirements.entity', words='coverage.reason'
        ) }} as reason
    from requirements
    left join coverage on requirements.entity = coverage.entity
    left join instead on requirements.kpi = instead.kpi and requirements.entity = instead.entity
    where not coalesce(coverage.is_delivered, false) and instead.kpi is null
),

missing as (
    select
        kpi,
        {{ reasons_gathered('reason') }} as reasons
    from lacking
    group by kpi
)

select
    definitions.kpi,
    missing.kpi is null as is_available,
    missing.reasons
from definitions
left join missing on definitions.kpi = missing.kpi
