with night as (
    select * from {{ ref('stg_company__night') }}
),

industry_insolvencies as (
    select * from {{ ref('stg_credit__industry_insolvencies') }}
)

select
    industry_insolvencies.industry_code,
    industry_insolvencies.month as insolvency_month,
    industry_insolvencies.insolvencies as insolvency_count,
    industry_insolvencies.companies as company_count
from industry_insolvencies
cross join night
where industry_insolvencies.month <= night.report_date
