-- A credited invoice and later ones of its order that bill on and do not bill again: goods moved since, or another period is billed. The next
-- call-off of a blanket order and the next month of a subscription have the same amount.
with invoices as (
    select * from {{ ref('int_invoices_valued') }} where document_class = 'invoice' and order_id is not null
),

credited as (
    select distinct
        invoices.invoice_id,
        invoices.order_id,
        invoices.issued_date
    from {{ ref('int_invoices_valued') }} as credits
    inner join invoices on credits.corrects_invoice_id = invoices.invoice_id
    where credits.document_class = 'credit'
),

pairs as (
    select
        credited.*,
        later.invoice_id as later_invoice_id,
        later.issued_date as later_issued_date
    from credited
    inner join invoices as later on credited.order_id = later.order_id and credited.invoice_id <> later.invoice_id and credited.issued_date <= later.issued_date
),

periods as (
    select
        invoice_id,
        min(period_start_date) as period_start_date
    from {{ ref('fct_invoice_lines') }}
    where invoice_id in (select pairs.invoice_id from pairs union select pairs.later_invoice_id from pairs)
    group by invoice_id
),

moved as (
    select
        order_id,
        coalesce(shipped_date, delivered_date) as moved_date
    from {{ ref('fct_deliveries') }}
    where order_id in (select pairs.order_id from pairs)
)

select distinct
    pairs.invoice_id,
    pairs.later_invoice_id
from pairs
left join periods on pairs.invoice_id = periods.invoice_id
left join periods as later_periods on pairs.later_invoice_id = later_periods.invoice_id
left join moved on pairs.order_id = moved.order_id and pairs.issued_date < moved.moved_date and pairs.later_issued_date >= moved.moved_date
where moved.order_id is not null or periods.period_start_date <> later_periods.period_start_date
