with night as (
    select * from {{ ref('stg_company__night') }}
),

deliveries as (
    select * from {{ ref('stg_order_to_cash__deliveries') }}
)

select
    deliveries.delivery_id,
    deliveries.line_number,
    deliveries.order_id,
    deliveries.order_line_number,
    deliveries.quantity,
    deliveries.quantity < 0 as is_return,
    deliveries.shipped_date,
    case when deliveries.delivered_date <= night.report_date then deliveries.delivered_date end as delivered_date,
    deliveries.promised_date,
    coalesce(deliveries.has_proof_of_delivery, false) as has_proof_of_delivery
from deliveries
cross join night
where coalesce(deliveries.shipped_date, deliveries.delivered_date, night.report_date) <= night.report_date
