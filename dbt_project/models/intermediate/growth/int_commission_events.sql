-- Commission of each invoice on both bases, as dated changes. On cash: rate x commissionable x cumulative cash / gross, rounded on
-- the cumulative, at most the whole; credit notes and write-offs are no cash. A reversal takes it back, and so does a refund: money paid
-- back on a credit note is money of the invoice that it names. Without an exchange rate it is empty.
with invoices as (
    select * from {{ ref('int_invoices_commissionable') }} where commissionable_amount is not null or net_amount is null
),

credits as (
    select
        invoice_id,
        corrects_invoice_id
    from {{ ref('fct_invoices') }}
    where document_class = 'credit' and corrects_invoice_id is not null
),

applications as (
    select
        coalesce(credits.corrects_invoice_id, applications.invoice_id) as invoice_id,
        applications.applied_date,
        sum(applications.document_amount) as document_amount
    from {{ ref('fct_payment_applications') }} as applications
    left join credits on applications.invoice_id = credits.invoice_id
    where applications.kind in {{ cash_kinds() }}
    group by 1, 2
),

cumulated as (
    select
        invoices.invoice_id,
        invoices.salesperson_id,
        invoices.basis,
        invoices.is_held_out,
        invoices.document_gross_amount,
        cast(cast(invoices.rate_share as decimal(18, 6)) * invoices.commissionable_amount as decimal(30, 10)) as full_commission,
        applications.applied_date,
        {{ part_within(
            'sum(applications.document_amount) over (
                partition by applications.invoice_id order by applications.applied_date rows between unbounded preceding and current row
            )', '0', 'invoices.document_gross_amount'
        ) }} as cash_amount
    from applications
    inner join invoices on applications.invoice_id = invoices.invoice_id
),

earned as (
    select
        *,
        {{ rounded_ratio('cast(full_commission as decimal(28, 6)) * cast(cash_amount as decimal(18, 4))', 'document_gross_amount') }} as earned_amount
    from cumulated
)

select
    invoice_id,
    salesperson_id,
    basis,
    is_held_out,
    'cash' as event_type,
    applied_date as event_date,
    cast(
        earned_amount - coalesce(lag(earned_amount) over (partition by invoice_id order by applied_date), 0) as decimal(18, 4)
    ) as commission_amount
from earned
union all
select
    invoice_id,
    salesperson_id,
    basis,
    is_held_out,
    'invoiced',
    issued_date,
    {{ rounded_half_up('cast(rate_share as decimal(18, 6)) * commissionable_amount') }}
from invoices
