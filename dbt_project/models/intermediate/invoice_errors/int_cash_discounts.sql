-- Discounts for early payment that were taken, beside what the terms allow: judged by the day on which the money came in, which may lie
-- before the day on which it was booked. Without terms the company's own days hold, and any share.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

applications as (
    select * from {{ ref('fct_payment_applications') }}
),

payments as (
    select
        payment_id,
        received_date
    from {{ ref('int_payments_valued') }}
),

discounts as (
    select
        invoice_id,
        sum(document_amount) as document_discount_amount,
        max(booked_date) as booked_date
    from applications
    where kind = 'discount'
    group by invoice_id
    having sum(document_amount) > 0
),

receipts as (
    select
        discounts.invoice_id,
        max(payments.received_date) as received_date
    from discounts
    inner join applications on discounts.invoice_id = applications.invoice_id and applications.booked_date <= discounts.booked_date
    inner join payments on applications.payment_id = payments.payment_id
    where applications.kind = 'cash'
    group by discounts.invoice_id
),

steps as (
    select * from {{ ref('stg_order_to_cash__payment_terms_steps') }} where kind = 'discount'
),

taken as (
    select
        discounts.invoice_id,
        discounts.document_discount_amount,
        invoices.issued_date,
        invoices.payment_terms_id,
        invoices.document_gross_amount,
        coalesce(invoices.due_date, date '9999-12-31') as due_date,
        coalesce(receipts.received_date, discounts.booked_date) as taken_date
    from discounts
    inner join {{ ref('int_invoices_valued') }} as invoices on discounts.invoice_id = invoices.invoice_id
    left join receipts on discounts.invoice_id = receipts.invoice_id
)

select
    taken.invoice_id,
    taken.taken_date,
    taken.document_discount_amount,
    least(taken.due_date, taken.issued_date + coalesce(max(steps.days), any_value(parameters.cash_discount_days))) as last_discount_date,
    max(case when taken.taken_date <= taken.issued_date + steps.days then steps.share end) as allowed_discount_share,
    {{ rounded_half_up(
        'cast(taken.document_gross_amount as decimal(38, 4)) * max(case when taken.taken_date <= taken.issued_date + steps.days then steps.share end)'
    ) }} as document_allowed_amount
from taken
cross join parameters
left join steps on taken.payment_terms_id = steps.payment_terms_id
group by
    taken.invoice_id, taken.taken_date, taken.document_discount_amount, taken.issued_date, taken.due_date, taken.document_gross_amount
