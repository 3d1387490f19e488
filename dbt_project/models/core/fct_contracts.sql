with night as (
    select * from {{ ref('stg_company__night') }}
),

contracts as (
    select * from {{ ref('stg_customer_relations__contracts') }}
),

products as (
    select * from {{ ref('stg_order_to_cash__products') }}
)

select
    contracts.contract_id,
    contracts.customer_id,
    contracts.product_id,
    contracts.product_id is null or products.product_id is not null as has_known_product,
    contracts.started_date,
    contracts.ended_date,
    case when contracts.notice_date <= night.report_date then contracts.notice_date end as notice_date,
    contracts.annual_amount,
    contracts.renews_contract_id
from contracts
cross join night
left join products on contracts.product_id = products.product_id
where contracts.started_date <= night.report_date
