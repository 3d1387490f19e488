-- As it stood on the report date: of a deal that closed later neither the closing nor what changed with it is known yet. An outcome without
-- its day, or a day without its outcome, is no outcome: a day that was never delivered cannot be put in a month. An open deal without an amount
-- counts like one whose amount holds a later outcome: which of the two it is would tell the outcome.
with night as (
    select * from {{ ref('stg_company__night') }}
),

opportunities as (
    select * from {{ ref('stg_customer_relations__opportunities') }}
),

versions as (
    select * from {{ ref('fct_opportunity_versions') }} where next_known_date is null
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
        versions.opportunity_id is not null as has_version,
        versions.stage as version_stage,
        versions.amount as version_amount,
        customers.customer_id is not null as is_known_customer,
        opportunities.product_id is null or products.product_id is not null as has_known_product,
        coalesce(products.family, 'unknown') as product_family,
        coalesce(opportunities.is_won, case when opportunities.lost_reason is not null then false end) as outcome_is_won,
        coalesce(opportunities.closed_date <= night.report_date, false) as has_closed_date,
        coalesce(opportunities.closed_date > night.report_date, false) as is_closed_later
    from opportunities
    cross join night
    left join versions on opportunities.opportunity_id = versions.opportunity_id
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
    case when is_closed_later then version_stage else stage end as stage,
    kind,
    case when is_closed_later then version_amount else amount end as amount,
    has_version or (not is_closed_later and amount is not null) as is_amount_known,
    case when not is_closed_later then probability_share end as probability_share,
    case when not is_closed_later then expected_close_date end as expected_close_date,
    case when has_closed_date then closed_date end as closed_date,
    has_closed_date and outcome_is_won is not null as is_closed,
    coalesce(has_closed_date and outcome_is_won, false) as is_won,
    (has_closed_date and outcome_is_won is null) or (closed_date is null and (coalesce(is_won, false) or lost_reason is not null)) as has_partial_outcome,
    case when has_closed_date then lost_reason end as lost_reason,
    case when not is_closed_later then payment_terms_days end as payment_terms_days,
    coalesce(not is_closed_later and are_terms_discussed, false) as are_terms_discussed
from dated
