-- What documents and applications say of one another: a prepayment that nothing applied and no prepayment invoice asked, a credit that
-- comes from no credit note, and instalments that are not the amount due.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

prepaid as (
    select
        invoice_id,
        sum(document_amount) as unsaid_amount
    from {{ ref('int_prepayments_stated') }}
    where kind = 'prepaid'
    group by invoice_id
),

-- What prepayment invoices asked is owed, paid and looked after there.
invoiced as (
    select
        invoice_id,
        sum(document_gross_amount) as asked_amount
    from {{ ref('int_prepayments_invoiced') }}
    group by invoice_id
),

credit_rows as (
    select
        applications.*,
        invoices.document_class,
        sum(applications.document_amount) over (partition by applications.currency, applications.customer_id) as customer_rest_amount,
        sum(applications.document_amount) over (partition by applications.currency, applications.booked_date) as day_rest_amount,
        count(case when not applications.has_known_invoice then 1 end) over (partition by applications.booked_date, abs(applications.document_amount))
            as unknown_count
    from {{ ref('fct_payment_applications') }} as applications
    left join invoices on applications.invoice_id = invoices.invoice_id
    where applications.kind = 'credit_note'
),

-- Rows of both sides cancel out, for the customer or for the day; a credit note that was never delivered is nobody's error.
one_sided as (
    select
        invoice_id,
        sum(document_amount) as applied_amount,
        min(customer_rest_amount) as customer_rest_amount,
        max(booked_date) as last_date
    from credit_rows
    where document_class = 'invoice'
    group by invoice_id
    having max(unknown_count) = 0 and min(customer_rest_amount) > 0 and max(day_rest_amount) > 0
),

noted as (
    select
        pairs.invoice_id,
        sum(-pairs.direction * applications.document_amount) as noted_amount
    from {{ ref('int_credit_pairs') }} as pairs
    inner join {{ ref('fct_payment_applications') }} as applications on pairs.credit_id = applications.invoice_id and applications.kind = 'credit_note'
    group by pairs.invoice_id
),

schedules as (
    select
        invoice_id,
        sum(document_amount) as scheduled_amount
    from {{ ref('fct_payment_schedule') }}
    group by invoice_id
),

judged as (
    select
        invoices.*,
        parameters.settlement_tolerance_amount,
        coalesce(one_sided.last_date, invoices.issued_date) as event_date,
        case
            when invoiced.invoice_id is null then prepaid.unsaid_amount
            else greatest(prepaid.unsaid_amount - invoiced.asked_amount, 0)
        end as unsaid_amount,
        least(one_sided.applied_amount - coalesce(noted.noted_amount, 0), one_sided.customer_rest_amount) as one_sided_amount,
        one_sided.applied_amount as credited_amount,
        schedules.scheduled_amount,
        invoices.document_gross_amount - coalesce(invoices.document_prepaid_amount, 0) + coalesce(invoices.document_rounding_amount, 0)
            as expected_amount
    from invoices
    cross join parameters
    left join prepaid on invoices.invoice_id = prepaid.invoice_id
    left join invoiced on invoices.invoice_id = invoiced.invoice_id
    left join one_sided on invoices.invoice_id = one_sided.invoice_id
    left join noted on invoices.invoice_id = noted.invoice_id
    left join schedules on invoices.invoice_id = schedules.invoice_id
    where prepaid.invoice_id is not null or one_sided.invoice_id is not null or schedules.invoice_id is not null
)

{{ findings('judged', [
    {'code': 'prepayment_not_applied', 'when': 'abs(unsaid_amount) > settlement_tolerance_amount', 'stake': 'unsaid_amount',
     'evidence': told("{figure document_prepaid_amount} paid in advance by the document, of which no allocation says {figure unsaid_amount}",
                      "{figure document_prepaid_amount} is volgens het document vooruitbetaald; daarvan staat {figure unsaid_amount} in geen toewijzing")},
    {'code': 'credit_note_not_found', 'when': 'one_sided_amount > settlement_tolerance_amount', 'stake': 'one_sided_amount',
     'evidence': told("{figure credited_amount} of credit applied; credit notes of the customer hold {figure one_sided_amount} less",
                      "{figure credited_amount} aan krediet verrekend; de creditnota's van de klant zijn {figure one_sided_amount} minder waard")},
    {'code': 'payment_schedule_differs', 'when': 'abs(scheduled_amount - expected_amount) > settlement_tolerance_amount', 'stake': 'scheduled_amount - expected_amount', 'evidence': told("instalments sum to {figure scheduled_amount}, the amount due is {figure expected_amount}",
                      "de termijnen tellen op tot {figure scheduled_amount}, te betalen is {figure expected_amount}")},
]) }}
