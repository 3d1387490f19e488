with quarantine as (
    select * from {{ source('raw', 'quarantine') }}
)

select
    entity,
    source,
    path,
    delivery_id,
    row_number,
    column_name,
    rule,
    value,
    expected,
    delivered_row
from quarantine
