-- What the rules find against what is known to be wrong, of documents that are known by the report date. Without known errors
-- nothing is scored: there is no row. A document that is no fact (refused, or of a later day) counts where it was found.
with coverage as (
    select * from {{ ref('stg_company__entity_coverage') }} where entity = 'known_errors' and is_delivered
),

assessed as (
    select
        rules.error_code
    from {{ ref('rule_coverage') }} as rules
    cross join coverage
    where rules.is_assessed
),

findings as (
    select distinct
        error_code,
        case document_kind when 'delivery' then order_id else document_id end as document_id
    from {{ ref('fct_invoice_errors') }}
),

documents as (
    select invoice_id as document_id from {{ ref('fct_invoices') }}
    union all
    select order_id as document_id from {{ ref('fct_orders') }}
    union all
    select payment_id as document_id from {{ ref('fct_payments') }}
    union all
    select customer_id as document_id from {{ ref('dim_customers') }}
),

known as (
    select distinct
        errors.error_code,
        errors.document_id
    from {{ ref('stg_order_to_cash__known_errors') }} as errors
    left join documents on errors.document_id = documents.document_id
    left join findings on errors.error_code = findings.error_code and errors.document_id = findings.document_id
    where documents.document_id is not null or findings.document_id is not null
),

compared as (
    select
        coalesce(known.error_code, findings.error_code) as error_code,
        known.document_id is not null as is_known,
        findings.document_id is not null as is_found
    from known
    full join findings on known.error_code = findings.error_code and known.document_id = findings.document_id
),

counted as (
    select
        assessed.error_code,
        count(case when compared.is_known then 1 end) as known_count,
        count(case when compared.is_known and compared.is_found then 1 end) as found_count,
        count(case when compared.is_known and not compared.is_found then 1 end) as missed_count,
        count(case when not compared.is_known and compared.is_found then 1 end) as invented_count
    from assessed
    left join compared on assessed.error_code = compared.error_code
    group by 1
)

select
    error_code,
    known_count,
    found_count,
    missed_count,
    invented_count,
    {{ safe_share('found_count', '(found_count + invented_count)') }} as precision_share,
    {{ safe_share('found_count', 'known_count') }} as recall_share
from counted
