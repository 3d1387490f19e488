{{ config(meta={'dagster': {'ref': {'name': 'receivables_rollforward_monthly'}}}) }}

-- A difference with the general ledger warns from the first cent; above the share that may be held out it blocks the night.
select rollforward.*
from {{ ref('receivables_rollforward_monthly') }} as rollforward
cross join {{ ref('stg_company__parameters') }} as parameters
where
    rollforward.is_complete
    and abs(rollforward.ledger_difference_amount) > parameters.quarantined_share_limit * abs(rollforward.ledger_amount)
