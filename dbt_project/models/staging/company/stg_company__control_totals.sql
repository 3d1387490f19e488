select
    source,
    path,
    measure,
    expected,
    delivered,
    is_met
from {{ source('raw', 'control_totals') }}
