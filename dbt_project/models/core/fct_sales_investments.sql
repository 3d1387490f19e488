with night as (
    select * from {{ ref('stg_company__night') }}
),

sales_investments as (
    select * from {{ ref('stg_customer_relations__sales_investments') }}
)

select
    sales_investments.investment_id,
    sales_investments.kind,
    sales_investments.salesperson_id,
    sales_investments.team,
    sales_investments.invested_date,
    sales_investments.cost_amount
from sales_investments
cross join night
where sales_investments.invested_date <= night.report_date
