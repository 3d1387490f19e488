-- What each payment was applied to: how much, and an invoice that it was applied to too early or that is not the payer's to pay. A payer may
-- pay for its own legal entity, for every customer of its group, and for others while it is agreed; and before the invoice where its terms say so.
with applications as (
    select * from {{ ref('fct_payment_applications') }}
),

payments as (
    select * from {{ ref('int_payments_valued') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

groups as (
    select * from {{ ref('int_customer_groups') }}
),

agreed_payers as (
    select distinct
        payments.payment_id,
        third_parties.customer_entity_id
    from payments
    inner join customers on payments.customer_id = customers.customer_id
    inner join {{ ref('int_agreed_payers') }} as third_parties
        on
            customers.legal_entity_id = third_parties.payer_entity_id and payments.received_date >= third_parties.valid_from_date
            and (third_parties.valid_until_date is null or payments.received_date < third_parties.valid_until_date)
)

select
    applications.payment_id,
    coalesce(sum(applications.document_payment_amount), 0) as document_allocated_amount,
    max(case
        when
            applications.kind = 'cash' and applications.booked_date < applications.applied_date and payments.received_date <= applications.booked_date
            and applications.document_amount > 0 and not coalesce(invoices.is_prepayment, false)
            then applications.invoice_id
    end) as early_invoice_id,
    max(case
        when
            applications.kind = 'cash' and payments.customer_id <> applications.customer_id and payments.customer_id <> 'unknown'
            and customers.legal_entity_id is distinct from payers.legal_entity_id
            and groups.customer_group_id is distinct from payer_groups.customer_group_id
            and agreed_payers.payment_id is null
            then applications.invoice_id
    end) as other_invoice_id,
    max(applications.invoice_id) as invoice_id,
    max(case when settlements.document_applied_amount = invoices.document_gross_amount then invoices.document_gross_amount end) as settled_amount
from applications
inner join payments on applications.payment_id = payments.payment_id
left join invoices on applications.invoice_id = invoices.invoice_id
left join {{ ref('int_invoice_settlements') }} as settlements on applications.invoice_id = settlements.invoice_id
left join customers on applications.customer_id = customers.customer_id
left join customers as payers on payments.customer_id = payers.customer_id
left join groups on applications.customer_id = groups.customer_id
left join groups as payer_groups on payments.customer_id = payer_groups.customer_id
left join agreed_payers on applications.payment_id = agreed_payers.payment_id and customers.legal_entity_id = agreed_payers.customer_entity_id
group by applications.payment_id
