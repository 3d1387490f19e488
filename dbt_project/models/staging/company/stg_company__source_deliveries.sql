with source_deliveries as (
    select * from {{ source('raw', 'source_deliveries') }}
)

select
    delivery_id,
    source,
    path,
    delivered_on as delivered_date,
    is_replaced
from source_deliveries
