-- Probability that a customer fails within a year, as known at month end: its latest report that is not out of date; without
-- one the insolvencies of its industry in the last twelve delivered months.
with months as (
    select * from {{ ref('dim_months') }}
),

customers as (
    select * from {{ ref('dim_customers') }} where not is_unknown
),

assessments as (
    select
        *,
        lead(assessed_date) over (partition by customer_id order by assessed_date) as next_assessed_date
    from {{ ref('fct_credit_assessments') }}
),

reported as (
    select
        assessments.customer_id,
        months.month_start_date,
        assessments.rating,
        assessments.score,
        assessments.default_probability_share
    from assessments
    inner join months
        on
            assessments.assessed_date <= months.month_end_date
            and (assessments.next_assessed_date is null or months.month_end_date < assessments.next_assessed_date)
            and (assessments.valid_until_date is null or months.month_end_date < assessments.valid_until_date)
),

insolvencies as (
    select
        industry_code,
        insolvency_month as month_start_date,
        company_count,
        sum(insolvency_count) over (
            partition by industry_code order by insolvency_month rows between 11 preceding and current row
        ) as insolvency_count,
        lead(insolvency_month) over (partition by industry_code order by insolvency_month) as next_month
    from {{ ref('fct_industry_insolvencies') }}
),

industries as (
    select
        insolvencies.industry_code,
        months.month_start_date,
        cast({{ safe_share('insolvencies.insolvency_count', 'insolvencies.company_count') }} as decimal(9, 6)) as default_probability_share
    from insolvencies
    inner join months
        on
            insolvencies.month_start_date <= months.month_start_date
            and (insolvencies.next_month is null or months.month_start_date < insolvencies.next_month)
)

select
    customers.customer_id,
    months.month_start_date,
    reported.rating,
    reported.score,
    case
        when reported.default_probability_share is not null then 'credit report'
        when industries.default_probability_share is not null then 'industry'
    end as probability_source,
    coalesce(reported.default_probability_share, industries.default_probability_share) as default_probability_share
from customers
cross join months
left join reported on customers.customer_id = reported.customer_id and months.month_start_date = reported.month_start_date
left join industries on customers.industry_code = industries.industry_code and months.month_start_date = industries.month_start_date
where reported.customer_id is not null or industries.default_probability_share is not null
