-- Which share of the net amount a payer is known to withhold when a receipt comes: as its master says, else as the ledger booked it last before
-- that day.
with receipts as (
    select * from {{ ref('int_match_receipts') }}
),

customers as (
    select * from {{ ref('stg_order_to_cash__customers') }}
),

payers as (
    select distinct
        payment_id,
        customer_id
    from {{ ref('int_match_names') }}
),

booked as (
    select
        documents.customer_id,
        allocations.allocated_date,
        round(cast(allocations.amount as double) / documents.document_net_amount, 4) as share
    from {{ ref('stg_order_to_cash__payment_allocations') }} as allocations
    inner join {{ ref('int_invoices_valued') }} as documents on allocations.invoice_id = documents.invoice_id
    where allocations.kind in ('withholding', 'withholding_tax') and allocations.amount > 0 and documents.document_net_amount > 0
)

select
    payers.payment_id,
    payers.customer_id,
    cast(coalesce(max(customers.withholding_share), max_by(booked.share, booked.allocated_date)) as decimal(18, 4)) as withholding_share
from payers
inner join receipts on payers.payment_id = receipts.payment_id
left join customers on payers.customer_id = customers.customer_id
left join booked on payers.customer_id = booked.customer_id and booked.allocated_date < receipts.received_date
group by 1, 2
having max(customers.withholding_share) is not null or max(booked.share) is not null
