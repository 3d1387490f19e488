-- Every finding of every rule. Families of rules stand in intermediate/invoice_errors; adding a family is adding it here.
{%- set families = [
    'quantity', 'order_match', 'fulfilment', 'cancellation', 'lateness', 'agreement', 'line', 'charges', 'arithmetic', 'vat', 'vat_ids',
    'terms', 'references', 'parties', 'numbering', 'duplicates', 'shared_numbers', 'credit_notes', 'credited', 'settlement', 'application', 'prepayments', 'cash', 'rejected', 'commission',
    'distribution', 'publication', 'standard'
] %}
with night as (
    select * from {{ ref('stg_company__night') }}
),

types as (
    select * from {{ ref('invoice_error_types') }}
),

coverage as (
    select * from {{ ref('stg_company__entity_coverage') }}
),

requirements as (
    select * from {{ ref('invoice_error_requirements') }}
),

switched_off as (
    select * from {{ ref('stg_company__switched_off_rules') }}
),

exceptions as (
    select * from {{ ref('stg_company__approved_exceptions') }}
),

-- A rule without its entities is not assessed: what it would find is no finding.
unassessed as (
    select distinct requirements.error_code
    from requirements
    left join coverage on requirements.entity = coverage.entity
    where coalesce(coverage.is_delivered, false) = false
),

findings as (
    {%- for family in families %}
    select * from {{ ref('int_errors_' ~ family) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    md5(findings.error_code || '|' || findings.document_kind || '|' || coalesce(findings.document_id, '') || '|' || coalesce(findings.line_number, '')) as error_id,
    findings.error_code,
    types.severity,
    types.step,
    coalesce(findings.owner_department, types.owner_department) as owner_department,
    findings.document_kind,
    coalesce(findings.document_id, 'unknown') as document_id,
    findings.invoice_id,
    findings.order_id,
    findings.line_number,
    coalesce(findings.customer_id, 'unknown') as customer_id,
    findings.event_date,
    {{ month_start('findings.event_date') }} as event_month,
    cast(findings.stake_amount as decimal(18, 4)) as stake_amount,
    findings.evidence,
    findings.evidence_nl,
    exceptions.document_id is not null as is_approved,
    exceptions.valid_until_date as approved_until_date,
    types.severity = 'quarantines' and findings.document_kind in ('invoice', 'payment') and exceptions.document_id is null as is_holding_out
from findings
cross join night
inner join types on findings.error_code = types.error_code
left join unassessed on findings.error_code = unassessed.error_code
left join exceptions
    on
        findings.error_code = exceptions.error_code
        and findings.document_id = exceptions.document_id
        and night.report_date < exceptions.valid_until_date
left join switched_off on findings.error_code = switched_off.error_code
where unassessed.error_code is null and switched_off.error_code is null
