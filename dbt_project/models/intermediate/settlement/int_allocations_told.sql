-- Allocations as companies deliver them. A row that takes back what was applied, and names no payment, is that of the payment that came back:
-- the one whose day is nearest.
with allocations as (
    select * from {{ ref('stg_order_to_cash__payment_allocations') }}
),

payments as (
    select * from {{ ref('int_payments_delivered') }}
),

came_back as (
    select
        allocations.allocation_id,
        payments.payment_id
    from allocations
    inner join allocations as applied on allocations.invoice_id = applied.invoice_id
    inner join payments on applied.payment_id = payments.is_reversal_of
    where allocations.kind = 'reversal' and allocations.payment_id is null and allocations.amount < 0 and applied.amount > 0
    qualify
        row_number() over (
            partition by allocations.allocation_id
            order by abs({{ days_between('payments.received_date', 'allocations.allocated_date') }}), payments.payment_id
        ) = 1
)

select allocations.* replace (coalesce(allocations.payment_id, came_back.payment_id) as payment_id)
from allocations
left join came_back on allocations.allocation_id = came_back.allocation_id
