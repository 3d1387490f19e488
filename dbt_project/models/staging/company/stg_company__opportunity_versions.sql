-- Every version that was delivered, not the latest alone: what a deal was before it closed is known from nothing else.
with versions as (
    select * from {{ source('raw', 'opportunities') }}
)

select
    opportunity_id,
    stage,
    amount,
    _delivery_id as delivery_id,
    _version_number as version_number
from versions
