-- The one door to what is wrong with an invoice, and since when. A dispute is ours until it is judged invalid; from that day it
-- is an invalid dispute. A confirmed error (a rule that is more than a warning, not approved) is ours from its own day.
with disputes as (
    select * from {{ ref('fct_disputes') }} where has_known_invoice
),

errors as (
    select * from {{ ref('fct_invoice_errors') }}
    where invoice_id is not null and event_date is not null and severity <> 'warns' and step <> 'cash' and not is_approved
)

select
    'dispute' as fault_source,
    dispute_id as source_id,
    invoice_id,
    'our_error' as fault,
    reason_code as fault_reason,
    opened_date as fault_from_date,
    case when outcome = 'invalid' then closed_date end as fault_until_date
from disputes
union all
select
    'dispute',
    dispute_id,
    invoice_id,
    'invalid_dispute',
    reason_code,
    closed_date,
    null
from disputes
where outcome = 'invalid'
union all
select
    'error',
    error_id,
    invoice_id,
    'our_error',
    error_code,
    event_date,
    null
from errors
