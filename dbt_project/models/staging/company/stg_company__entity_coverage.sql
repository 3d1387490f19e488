with entity_coverage as (
    select * from {{ source('raw', 'entity_coverage') }}
)

select
    entity,
    is_delivered,
    reason,
    delivery_count,
    row_count
from entity_coverage
