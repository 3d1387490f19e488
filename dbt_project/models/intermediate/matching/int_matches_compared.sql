-- Our match beside the ledger's own allocations of the same receipt: agreed where both name the same invoices.
with matches as (
    select
        payment_id,
        invoice_id
    from {{ ref('int_cash_matches') }}
),

allocated as (
    select distinct
        payment_id,
        invoice_id
    from {{ ref('fct_payment_applications') }}
    where document_payment_amount > 0 and not is_derived and has_known_invoice
),

both_sides as (
    select
        coalesce(matches.payment_id, allocated.payment_id) as payment_id,
        matches.invoice_id is not null and allocated.invoice_id is not null as is_same
    from matches
    full join allocated on matches.payment_id = allocated.payment_id and matches.invoice_id = allocated.invoice_id
)

select
    payment_id,
    min(case when is_same then 1 else 0 end) = 1 as is_agreed
from both_sides
where payment_id in (select matches.payment_id from matches) and payment_id in (select allocated.payment_id from allocated)
group by 1
