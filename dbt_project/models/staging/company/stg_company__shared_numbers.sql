with shared_numbers as (
    select * from {{ source('raw', 'shared_numbers') }}
)

select
    entity,
    document_id,
    number,
    document_count,
    path,
    row_number
from shared_numbers
