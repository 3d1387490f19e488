-- As it stood on the report date: of a deal that closed later neither the closing nor the stage of today is known yet.
with night as (
    select * from {{ ref('stg_company__night') }}
),

opportunities as (
    select * from {{ ref('stg_customer_relations__opportunities') }}
),

products as (
    select * from {{ ref('stg_order_to_cash__products') }}
),

customers as (
    select * from {{ ref('stg_order_to_cash__customers') }}
),

dated as (
    select
        opportunities.*,
        customers.customer_id is not null as is_known_customer,
        opportunities.product_id is null or products.product_id is not null as has_known_product,
        coalesce(products.family, 'unknown') as product_family,
        coalesce(opportunities.closed_date <= night.report_date, false) as is_closed,
        coalesce(opportunities.closed_date > night.report_date, false) as is_closed_later
    from opportunities
    cross join night
    left join products on opportunities.product_id = products.product_id
    left join customers on opportunities.customer_id = customers.customer_id
    where opportunities.created_date <= night.report_date
)

select
    opportunity_id,
    customer_id,
    is_known_customer,
    prospect_name,
    salesperson_id,
    product_id,
    has_known_product,
    product_family,
    created_date,
    case when not is_closed_later then stage end as stage,
    kind,
    amount,
    probability_share,
    expected_close_date,
    case when is_closed then closed_date end as closed_date,
    is_closed,
    coalesce(is_closed and is_won, false) as is_won,
    case when is_closed then lost_reason end as lost_reason,
    payment_terms_days,
    coalesce(are_terms_discussed, false) as are_terms_discussed
from dated
