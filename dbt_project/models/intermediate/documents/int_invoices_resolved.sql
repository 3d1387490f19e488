-- Documents as the house means them: the customer by its number in the master, the document that is corrected by its header or the one
-- reference, and an invoice below zero that names the one it corrects as the credit note that it is, as is one in the e-invoice standard, which
-- asks for no reference (Peppol BIS 3: negative invoices). A pro-forma is no receivable.
with customer_ids as (
    select * from {{ ref('int_customer_ids') }}
),

preceding as (
    select
        invoice_id,
        count(*) as preceding_count,
        min(preceding_invoice_id) as first_preceding_id
    from {{ ref('stg_order_to_cash__invoice_references') }}
    group by invoice_id
)

select
    invoices.* replace (
        coalesce(customer_ids.customer_id, invoices.customer_id) as customer_id,
        coalesce(invoices.corrects_invoice_id, case when preceding.preceding_count = 1 then preceding.first_preceding_id end) as corrects_invoice_id,
        case
            when
                invoices.document_type = 'invoice' and invoices.gross_amount < 0
                and coalesce(invoices.corrects_invoice_id, preceding.first_preceding_id, invoices.specification_id) is not null
                then 'credit_note'
            else invoices.document_type
        end as document_type
    ),
    case when invoices.document_type in ('credit_note', 'cancellation') then -1 else 1 end as document_sign,
    coalesce(preceding.preceding_count, 0) as preceding_count
from {{ ref('int_documents_delivered') }} as invoices
left join customer_ids on invoices.customer_id = customer_ids.delivered_customer_id
left join preceding on invoices.invoice_id = preceding.invoice_id
where invoices.document_type <> 'pro_forma'
