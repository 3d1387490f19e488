-- Final invoices that forget a prepayment invoice (386) of their order that was paid: the order is billed in full beside it, and no document of
-- the order takes it off or states an amount paid in advance. What was credited or never paid is not forgotten.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

-- A prepayment invoice for several orders is for none of them alone.
for_one_order as (
    select
        invoice_id,
        min(order_id) as order_id
    from {{ ref('fct_invoice_lines') }}
    group by invoice_id
    having min(order_id) = max(order_id) and count(order_id) = count(*)
),

asked as (
    select
        for_one_order.order_id,
        asked.invoice_id,
        asked.issued_date,
        least(asked.asked_amount, settlements.document_cash_amount) as paid_amount
    from {{ ref('int_prepayments_asked') }} as asked
    inner join {{ ref('int_invoice_settlements') }} as settlements on asked.invoice_id = settlements.invoice_id
    inner join for_one_order on asked.invoice_id = for_one_order.invoice_id
),

ordered as (
    select
        order_id,
        currency,
        sum(document_net_amount) as ordered_amount
    from {{ ref('fct_order_lines') }}
    where order_id in (select asked.order_id from asked)
    group by order_id, currency
),

-- A credit that names an invoice of the order and no order may be for anything on it.
corrected as (
    select distinct corrects_invoice_id as invoice_id
    from {{ ref('int_invoices_valued') }}
    where document_class = 'credit' and order_id is null
),

documents as (
    select
        ordered.order_id,
        ordered.ordered_amount,
        invoices.invoice_id,
        any_value(invoices.customer_id) as customer_id,
        any_value(invoices.issued_date) as issued_date,
        any_value(invoices.booking_rate) as booking_rate,
        any_value(invoices.document_type) = 'invoice' as is_bill,
        bool_or(invoices.document_class = 'invoice' and lines.document_net_amount < 0)
        or bool_or(coalesce(invoices.document_prepaid_amount, 0) <> 0 or corrected.invoice_id is not null or invoices.currency <> ordered.currency) as may_deduct,
        sum(lines.document_net_amount - lines.document_allowance_amount) as billed_amount
    from {{ ref('fct_invoice_lines') }} as lines
    inner join ordered on lines.order_id = ordered.order_id
    inner join {{ ref('int_invoices_valued') }} as invoices on lines.invoice_id = invoices.invoice_id
    left join corrected on lines.invoice_id = corrected.invoice_id
    where invoices.delivered_document_type not in ('prepayment', '386')
    group by ordered.order_id, ordered.ordered_amount, invoices.invoice_id
),

completed as (
    select documents.*
    from documents
    cross join parameters
    qualify
        row_number() over (partition by documents.order_id order by documents.is_bill desc, documents.issued_date desc, documents.invoice_id desc) = 1
        and documents.is_bill and not bool_or(documents.may_deduct) over (partition by documents.order_id)
        and sum(documents.billed_amount) over (partition by documents.order_id) >= documents.ordered_amount - parameters.settlement_tolerance_amount
),

forgotten as (
    select
        completed.invoice_id,
        case when min(completed.order_id) = max(completed.order_id) then min(completed.order_id) end as order_id,
        any_value(completed.customer_id) as customer_id,
        any_value(completed.issued_date) as event_date,
        any_value(completed.booking_rate) as booking_rate,
        sum(asked.paid_amount) as paid_amount,
        string_agg(asked.invoice_id, ', ' order by asked.invoice_id) as asked_ids
    from completed
    inner join asked on completed.order_id = asked.order_id and completed.issued_date >= asked.issued_date
    where asked.paid_amount > 0
    group by completed.invoice_id
)

{{ findings('forgotten', [
    {'code': 'prepayment_not_deducted', 'when': 'true', 'stake': 'paid_amount', 'evidence': told("{figure paid_amount} was paid on {asked_ids} and the order is billed in full beside it",
                      "{figure paid_amount} is betaald op {asked_ids} en de order is daarnaast geheel gefactureerd")},
]) }}
