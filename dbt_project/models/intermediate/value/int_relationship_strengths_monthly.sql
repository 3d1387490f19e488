-- Strength of a relation is the latest review up to the month end: the mean of strategy, trust and time, x 10. Older than a year it
-- says nothing any more.
with months as (
    select * from {{ ref('dim_months') }}
),

reviews as (
    select
        customer_id,
        reviewed_date,
        avg(strategy_score + trust_score + time_score) as score_sum
    from {{ ref('fct_relationship_reviews') }}
    group by 1, 2
),

spans as (
    select
        *,
        lead(reviewed_date) over (partition by customer_id order by reviewed_date) as next_reviewed_date
    from reviews
)

select
    spans.customer_id,
    months.month_start_date,
    spans.reviewed_date,
    cast({{ days_between('spans.reviewed_date', 'months.month_end_date') }} as integer) as review_age_days,
    cast(round(cast(spans.score_sum as double) * 10 / 3, 2) as decimal(9, 4)) as strength_score
from spans
inner join months
    on
        spans.reviewed_date <= months.month_end_date
        and (spans.next_reviewed_date is null or months.month_end_date < spans.next_reviewed_date)
        and {{ days_between('spans.reviewed_date', 'months.month_end_date') }} <= 365
