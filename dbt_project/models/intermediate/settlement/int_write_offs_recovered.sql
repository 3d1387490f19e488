-- A customer pays after all what was written off: as far as its cash was applied to the document, and no more than was recovered, the
-- write-off makes way for it. What the ledger took back of it itself is not taken back twice.
{{ config(materialized='view') }}

with written_off as (
    select
        invoice_id,
        min(written_off_date) as written_off_date,
        max(recovered_date) as recovered_date,
        sum(recovered_amount) as recovered_amount
    from {{ ref('stg_order_to_cash__write_offs') }}
    where recovered_date is not null
    group by invoice_id
),

allocations as (
    select * from {{ ref('stg_order_to_cash__payment_allocations') }}
),

applied as (
    select
        written_off.invoice_id,
        written_off.recovered_date,
        written_off.recovered_amount,
        sum(
            case
                when coalesce(allocations.kind, 'cash') in {{ cash_kinds() }} then allocations.amount
                when allocations.kind = 'write_off' then least(allocations.amount, 0)
                else 0
            end
        ) as cash_amount
    from written_off
    inner join allocations on written_off.invoice_id = allocations.invoice_id and allocations.allocated_date >= written_off.written_off_date
    group by written_off.invoice_id, written_off.recovered_date, written_off.recovered_amount
)

select
    'recovered:' || invoice_id as application_id,
    invoice_id,
    recovered_date as booked_date,
    cast(-least(recovered_amount, cash_amount) as decimal(18, 4)) as document_amount
from applied
where least(recovered_amount, cash_amount) > 0
