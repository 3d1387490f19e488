with switched_off_rules as (
    select * from {{ source('raw', 'switched_off_rules') }}
)

select
    error_code,
    switched_off_by,
    reason
from switched_off_rules
