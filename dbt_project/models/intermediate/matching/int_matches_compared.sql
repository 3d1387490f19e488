-- Our match beside the ledger's own allocations of the same receipt: agreed where both name the same documents. Where the ledger says
-- nothing there is nothing to compare.
with matches as (
    select distinct
        payment_id,
        invoice_id
    from {{ ref('int_cash_matches') }}
),

allocated as (
    select distinct
        payment_id,
        invoice_id
    from {{ ref('stg_order_to_cash__payment_allocations') }}
    where payment_id is not null and amount > 0 and coalesce(kind, 'cash') in {{ cash_kinds() }}
),

both_sides as (
    select
        coalesce(matches.payment_id, allocated.payment_id) as payment_id,
        matches.invoice_id is not null as is_matched,
        allocated.invoice_id is not null as is_allocated
    from matches
    full join allocated on matches.payment_id = allocated.payment_id and matches.invoice_id = allocated.invoice_id
)

select
    payment_id,
    bool_and(is_matched and is_allocated) as is_agreed
from both_sides
group by payment_id
having bool_or(is_matched) and bool_or(is_allocated)
