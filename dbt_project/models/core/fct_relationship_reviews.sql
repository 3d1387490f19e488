with night as (
    select * from {{ ref('stg_company__night') }}
),

relationship_reviews as (
    select * from {{ ref('stg_customer_relations__relationship_reviews') }}
)

select
    relationship_reviews.review_id,
    relationship_reviews.customer_id,
    relationship_reviews.reviewed_date,
    relationship_reviews.strategy_score,
    relationship_reviews.trust_score,
    relationship_reviews.time_score,
    relationship_reviews.reviewer_id
from relationship_reviews
cross join night
where relationship_reviews.reviewed_date <= night.report_date
