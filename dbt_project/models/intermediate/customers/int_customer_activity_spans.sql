-- A span runs from a purchase to the first day on which the gap is exceeded; the next purchase after that opens a new one.
with night as (
    select * from {{ ref('stg_company__night') }}
),

purchase_days as (
    select * from {{ ref('int_customer_purchase_days') }}
),

lapses as (
    select
        *,
        coalesce(next_purchase_date > purchase_date + gap_days, true) as is_last_of_span,
        coalesce(lag(purchase_date + gap_days) over (partition by basis, customer_id order by purchase_date) < purchase_date, true)
            as is_first_of_span
    from purchase_days
),

numbered as (
    select
        *,
        sum(case when is_first_of_span then 1 else 0 end) over (partition by basis, customer_id order by purchase_date) as span_number
    from lapses
),

spans as (
    select
        basis,
        customer_id,
        span_number,
        min(purchase_date) as started_date,
        max(purchase_date) as last_purchase_date,
        max(case when is_last_of_span then purchase_date + gap_days + 1 end) as lapse_date,
        max(case when is_last_of_span then gap_days end) as gap_days
    from numbered
    group by 1, 2, 3
)

select
    spans.basis,
    spans.customer_id,
    cast(spans.span_number as integer) as span_number,
    spans.started_date,
    spans.last_purchase_date,
    spans.gap_days,
    case when spans.lapse_date <= night.observed_until_date then spans.lapse_date end as churned_date
from spans
cross join night
