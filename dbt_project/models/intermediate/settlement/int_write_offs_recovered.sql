-- A customer pays after all what was written off: as far as its cash was applied to the document, and no more than was recovered, the
-- write-off makes way for it. What the ledger took back of it itself is not taken back twice. Where nobody says what was recovered, it is what
-- cash since the write-off brings beyond the document, day by day.
{{ config(materialized='view') }}

with write_offs as (
    select * from {{ ref('stg_order_to_cash__write_offs') }}
),

written_off as (
    select
        invoice_id,
        min(written_off_date) as written_off_date,
        max(recovered_date) as recovered_date,
        sum(recovered_amount) as recovered_amount
    from write_offs
    where recovered_date is not null
    group by invoice_id
),

allocations as (
    select * from {{ ref('stg_order_to_cash__payment_allocations') }}
),

documents as (
    select * from {{ ref('int_documents_delivered') }} where document_type in ('invoice', 'debit_note')
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
),

unsaid as (
    select
        invoice_id,
        min(day) as written_off_date
    from (
        select invoice_id, written_off_date as day from write_offs
        union all
        select invoice_id, allocated_date from allocations where kind = 'write_off'
    ) as days
    where invoice_id not in (select written_off.invoice_id from written_off)
    group by invoice_id
),

moves as (
    select invoice_id, written_off_date as day, amount as written_amount, 0 as cash_amount, amount as applied_amount from write_offs
    union all
    select
        allocations.invoice_id,
        allocations.allocated_date,
        case when allocations.kind = 'write_off' then allocations.amount else 0 end,
        case when coalesce(allocations.kind, 'cash') in {{ cash_kinds() }} and allocations.allocated_date >= unsaid.written_off_date then allocations.amount else 0 end,
        allocations.amount
    from allocations
    inner join unsaid on allocations.invoice_id = unsaid.invoice_id
    -- Money that a bank took back, in full or in part, says nothing of what was recovered.
    left join (select distinct is_reversal_of from {{ ref('stg_order_to_cash__payments') }}) as bounced on allocations.payment_id = bounced.is_reversal_of
    where bounced.is_reversal_of is null
),

levels as (
    select
        moves.invoice_id,
        moves.day,
        greatest(least(
            {%- for amount in ('written', 'cash', 'applied') %}
            sum(sum(moves.{{ amount }}_amount)) over (partition by moves.invoice_id order by moves.day){{ ' - any_value(documents.gross_amount)' if loop.last else ',' }}
            {%- endfor %}
        ), 0) as recovered_amount
    from moves
    inner join unsaid on moves.invoice_id = unsaid.invoice_id
    inner join documents on moves.invoice_id = documents.invoice_id
    group by moves.invoice_id, moves.day
),

changes as (
    select *, recovered_amount - coalesce(lag(recovered_amount) over (partition by invoice_id order by day), 0) as changed_amount
    from levels
)

select
    'recovered:' || invoice_id as application_id,
    invoice_id,
    recovered_date as booked_date,
    cast(-least(recovered_amount, cash_amount) as decimal(18, 4)) as document_amount
from applied
where least(recovered_amount, cash_amount) > 0
union all
select 'recovered:' || invoice_id || ':' || cast(day as varchar), invoice_id, day, cast(-changed_amount as decimal(18, 4))
from changes
where changed_amount <> 0
