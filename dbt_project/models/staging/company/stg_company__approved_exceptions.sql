with approved_exceptions as (
    select * from {{ source('raw', 'approved_exceptions') }}
)

select
    error_code,
    document_id,
    approved_by,
    reason,
    valid_until_date
from approved_exceptions
