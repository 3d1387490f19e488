-- Insolvencies of twelve delivered months per company of the industry, laid over what is open there.
with ageing as (
    select
        month_start_date,
        industry_code,
        sum(receivables_amount) as receivables_amount,
        sum(overdue_amount) as overdue_amount
    from {{ ref('receivables_ageing_monthly') }}
    group by 1, 2
),

insolvencies as (
    select
        industry_code,
        insolvency_month,
        company_count,
        sum(insolvency_count) over (
            partition by industry_code order by insolvency_month rows between 11 preceding and current row
        ) as insolvency_count,
        sum(insolvency_count) over (
            partition by industry_code order by insolvency_month rows between 23 preceding and 12 preceding
        ) as year_ago_insolvency_count
    from {{ ref('fct_industry_insolvencies') }}
),

rated as (
    select
        ageing.*,
        insolvencies.insolvency_count,
        insolvencies.company_count,
        {{ safe_share('insolvencies.insolvency_count', 'insolvencies.company_count') }} as insolvency_share,
        {{ safe_share('insolvencies.year_ago_insolvency_count', 'insolvencies.company_count') }} as year_ago_insolvency_share
    from ageing
    left join insolvencies on ageing.industry_code = insolvencies.industry_code and ageing.month_start_date = insolvencies.insolvency_month
)

select
    month_start_date,
    industry_code,
    cast(receivables_amount as decimal(18, 4)) as receivables_amount,
    cast(overdue_amount as decimal(18, 4)) as overdue_amount,
    cast(insolvency_count as bigint) as insolvency_count,
    cast(company_count as bigint) as company_count,
    insolvency_share,
    year_ago_insolvency_share,
    {{ rounded_half_up('cast(receivables_amount as decimal(28, 4)) * cast(insolvency_share as decimal(9, 6))') }} as expected_loss_amount,
    case when insolvency_share is null then 'no_insolvencies' end as risk_reason
from rated
