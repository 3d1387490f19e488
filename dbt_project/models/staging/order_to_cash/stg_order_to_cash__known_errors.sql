with current_rows as (
    {{ current_rows('known_errors') }}
)

select
    error_code,
    document_kind,
    document_id,
    stake_amount
from current_rows
