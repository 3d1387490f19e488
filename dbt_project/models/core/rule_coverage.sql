-- Per rule: what was judged, what failed, what could not be judged and why. A rule that was not assessed never counts as passed.
-- Rules that block a delivery are judged at arrival: a night that fails one gets no further, so that none has failed here.
with types as (
    select * from {{ ref('invoice_error_types') }}
),

requirements as (
    select * from {{ ref('invoice_error_requirements') }}
),

coverage as (
    select * from {{ ref('stg_company__entity_coverage') }}
),

populations as (
    select * from {{ ref('int_rule_populations') }}
),

switched_off as (
    select * from {{ ref('stg_company__switched_off_rules') }}
),

failed as (
    select
        error_code,
        count(distinct document_id) as failed_count,
        count(*) as finding_count,
        sum(stake_amount) as stake_amount
    from {{ ref('fct_invoice_errors') }}
    group by error_code
),

missing as (
    select
        requirements.error_code,
        string_agg(requirements.entity, ', ' order by requirements.entity) as entities,
        'not delivered: ' || string_agg(requirements.entity || coalesce(' (' || coverage.reason || ')', ''), ', ' order by requirements.entity) as reason
    from requirements
    left join coverage on requirements.entity = coverage.entity
    where coalesce(coverage.is_delivered, false) = false
    group by requirements.error_code
),

judged as (
    select
        types.*,
        coalesce(
            'switched off by ' || switched_off.switched_off_by || ' because ' || switched_off.reason, missing.reason
        ) as missing_reason,
        missing.entities as missing_entities,
        case when missing.reason is null and switched_off.error_code is null then populations.assessed_count else 0 end as assessed_count,
        coalesce(populations.document_count, 0) as document_count,
        coalesce(failed.failed_count, 0) as failed_count,
        coalesce(failed.finding_count, 0) as finding_count,
        coalesce(failed.stake_amount, 0) as stake_amount
    from types
    left join populations on types.population = populations.population
    left join missing on types.error_code = missing.error_code
    left join switched_off on types.error_code = switched_off.error_code
    left join failed on types.error_code = failed.error_code
)

select
    error_code,
    severity,
    step,
    owner_department,
    assessed_count > 0 as is_assessed,
    cast(assessed_count as bigint) as assessed_count,
    cast(failed_count as bigint) as failed_count,
    cast(finding_count as bigint) as finding_count,
    cast(document_count - assessed_count as bigint) as not_assessed_count,
    cast(stake_amount as decimal(18, 4)) as stake_amount,
    case
        when missing_reason is not null then missing_reason
        when document_count = 0 and population = 'published_invoices' then 'no earlier publication to compare with'
        when document_count = 0 then 'no document of this kind up to the report date'
        when assessed_count = 0 then 'the columns that the rule reads are never filled'
        when assessed_count < document_count then 'the columns that the rule reads are filled in part'
    end as not_assessed_reason,
    missing_entities
from judged
