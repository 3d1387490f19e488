-- Discounts for early payment that were taken, beside what the terms allow: judged by the day on which the money came in, which may lie
-- before the day on which it was booked. Without terms the company's own days hold, and any share. A last day that is no business day moves
-- to the next one where the terms move the due date so.
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
),

shifts as (select * from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as numbers (shift_days)),

limits as (
    select
        taken.invoice_id,
        steps.share,
        taken.issued_date + steps.days as step_date,
        terms.business_day_rule,
        case when terms.business_day_rule in ('following', 'modified_following') then 10 else 0 end as most_days,
        upper(trim(terms.holiday_country)) as holiday_country
    from taken
    inner join steps on taken.payment_terms_id = steps.payment_terms_id
    left join {{ ref('stg_order_to_cash__payment_terms') }} as terms on taken.payment_terms_id = terms.payment_terms_id
),

moved as (
    select
        limits.invoice_id,
        limits.step_date,
        limits.share,
        coalesce(min(case
            when
                holidays.holiday_date is null and {{ day_of_week('(limits.step_date + shifts.shift_days)') }} <= 5
                and (limits.business_day_rule = 'following' or {{ month_start('(limits.step_date + shifts.shift_days)') }} = {{ month_start('limits.step_date') }})
                then limits.step_date + shifts.shift_days
        end), limits.step_date) as last_date
    from limits
    inner join shifts on shifts.shift_days <= limits.most_days
    left join {{ ref('stg_company__holidays') }} as holidays
        on limits.holiday_country = holidays.country and holidays.holiday_date = limits.step_date + shifts.shift_days
    group by limits.invoice_id, limits.step_date, limits.share
)

select
    taken.invoice_id,
    taken.taken_date,
    taken.document_discount_amount,
    least(taken.due_date, coalesce(max(moved.last_date), taken.issued_date + any_value(parameters.cash_discount_days))) as last_discount_date,
    max(case when taken.taken_date <= moved.last_date then moved.share end) as allowed_discount_share,
    {{ rounded_half_up(
        'cast(taken.document_gross_amount as decimal(38, 4)) * max(case when taken.taken_date <= moved.last_date then moved.share end)'
    ) }} as document_allowed_amount
from taken
cross join parameters
left join moved on taken.invoice_id = moved.invoice_id
group by
    taken.invoice_id, taken.taken_date, taken.document_discount_amount, taken.issued_date, taken.due_date, taken.document_gross_amount
