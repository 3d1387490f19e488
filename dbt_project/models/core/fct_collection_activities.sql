with night as (
    select * from {{ ref('stg_company__night') }}
),

collection_activities as (
    select * from {{ ref('stg_order_to_cash__collection_activities') }}
)

select
    collection_activities.activity_id,
    collection_activities.happened_at,
    {{ local_date('collection_activities.happened_at', 'night.time_zone') }} as happened_date,
    collection_activities.kind,
    collection_activities.customer_id,
    collection_activities.invoice_id,
    collection_activities.department,
    collection_activities.dunning_level,
    coalesce(collection_activities.is_before_due, false) as is_before_due,
    collection_activities.promised_date,
    collection_activities.result
from collection_activities
cross join night
where {{ local_date('collection_activities.happened_at', 'night.time_zone') }} <= night.report_date
