-- Allocations as companies deliver them. A row that takes back what was applied, and names no payment, is that of the payment that came back:
-- the one whose day is nearest. One row that names a credit note is two, unless the credit note has rows of its own: those say the same.
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
),

-- What the credit note's own rows say, and as much of what names it: applied by itself, and taken back by itself.
own_rows as (
    select
        invoice_id,
        -sign(amount) as direction,
        abs(sum(amount)) as own_amount
    from allocations
    where kind = 'credit_note'
    group by invoice_id, sign(amount)
),

named as (
    select
        allocations.*,
        sign(allocations.amount) as direction,
        coalesce(own_rows.own_amount, 0) as own_amount,
        sum(abs(allocations.amount)) over (
            partition by allocations.credit_note_id, sign(allocations.amount)
            order by allocations.allocated_date, allocations.allocation_id rows between unbounded preceding and current row
        ) as named_amount
    from allocations
    left join own_rows on allocations.credit_note_id = own_rows.invoice_id and sign(allocations.amount) = own_rows.direction
    where allocations.credit_note_id <> allocations.invoice_id
),

other_sides as (
    select
        *,
        amount - direction * ({{ part_within('named_amount', '0', 'own_amount') }} - {{ part_within('named_amount - abs(amount)', '0', 'own_amount') }}) as untold_amount
    from named
)

select allocations.* replace (coalesce(allocations.payment_id, came_back.payment_id) as payment_id)
from allocations
left join came_back on allocations.allocation_id = came_back.allocation_id
union all by name
select
    'credit_note:' || allocation_id as allocation_id,
    credit_note_id as invoice_id,
    allocated_date,
    cast(-untold_amount as decimal(18, 4)) as amount,
    'credit_note' as kind
from other_sides
where untold_amount <> 0
