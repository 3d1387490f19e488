-- Payments: whose they are, when they came, what became of them.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

reversed as (
    select distinct reverses_payment_id as payment_id from {{ ref('int_payments_valued') }}
),

balances as (
    select * from {{ ref('int_customer_balances') }}
),

allocated as (
    select * from {{ ref('int_payments_allocated') }}
),

ibans as (
    select
        payer_iban,
        {{ normalised_account('payer_iban') }} as iban
    from {{ ref('int_payments_valued') }}
    group by payer_iban
),

bad_ibans as (
    select payer_iban
    from ibans
    where not iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$' or {{ iban_remainder('iban') }} <> 1
),

payments as (
    select
        payments.*,
        reversed.payment_id is not null as is_reversed,
        lag(payments.payment_id) over same_payer as previous_payment_id,
        lag(payments.received_date) over same_payer as previous_date,
        lag(reversed.payment_id is not null) over same_payer as is_previous_reversed,
        allocated.* exclude (payment_id),
        lag(allocated.invoice_id) over same_payer as previous_invoice_id
    from {{ ref('int_payments_valued') }} as payments
    left join reversed on payments.payment_id = reversed.payment_id
    left join allocated on payments.payment_id = allocated.payment_id
    window same_payer as (
        partition by payments.customer_id, payments.currency, payments.document_amount, payments.reference_text
        order by payments.received_date, payments.payment_id
    )
),

judged as (
    select
        payments.*,
        cast(null as varchar) as order_id,
        payments.received_date as event_date,
        payments.received_rate as booking_rate,
        bad_ibans.payer_iban is not null as is_iban_bad,
        payments.reference_text is not null and payments.document_amount > 0 and not payments.is_previous_reversed
        and payments.previous_date + parameters.payment_duplicate_days >= payments.received_date
        -- Equal payments of equal invoices: the second settles another document in full, and does not name that of the first. Or two equal parts
        -- that are together what one document asks.
        and not coalesce(
            payments.document_allocated_amount >= payments.document_amount and payments.invoice_id <> payments.previous_invoice_id
            and not contains({{ normalised_reference('payments.reference_text') }}, {{ normalised_reference('payments.previous_invoice_id') }}), false
        ) and not coalesce(
            payments.document_allocated_amount >= payments.document_amount and payments.invoice_id = payments.previous_invoice_id
            and abs(payments.settled_amount - 2 * payments.document_amount) <= parameters.settlement_tolerance_amount, false
        ) as is_duplicate,
        payments.document_amount - coalesce(payments.document_allocated_amount, 0) as document_unapplied_amount,
        payments.received_date + parameters.unapplied_cash_norm_days < night.report_date and balances.open_amount > 0 and not payments.is_reversed as is_old_enough,
        parameters.settlement_tolerance_amount
    from payments
    cross join night
    cross join parameters
    left join bad_ibans on payments.payer_iban = bad_ibans.payer_iban
    left join balances on payments.customer_id = balances.customer_id
)

{{ findings('judged', [
    {'code': 'payment_duplicate', 'kind': 'payment', 'id': 'payment_id', 'when': 'is_duplicate', 'stake': 'document_amount',
     'evidence': told("same payer, amount and reference as {previous_payment_id} of {day previous_date}",
                      "zelfde betaler, bedrag en kenmerk als {previous_payment_id} van {day previous_date}")},
    {'code': 'payment_before_invoice', 'kind': 'payment', 'id': 'payment_id', 'when': 'early_invoice_id is not null', 'stake': 'document_amount',
     'evidence': told("applied to {early_invoice_id} before its day of issue", "toegewezen aan {early_invoice_id} voor de factuurdatum")},
    {'code': 'allocated_to_other_customer', 'kind': 'payment', 'id': 'payment_id', 'when': 'other_invoice_id is not null', 'stake': 'document_amount',
     'evidence': told("payment of {customer_id} applied to {other_invoice_id} of another customer",
                      "betaling van {customer_id} toegewezen aan {other_invoice_id} van een andere klant")},
    {'code': 'iban_invalid_or_not_master', 'kind': 'payment', 'id': 'payment_id', 'when': 'is_iban_bad', 'stake': 'document_amount',
     'evidence': told("account {payer_iban} fails its check digits", "rekening {payer_iban} voldoet niet aan haar controlecijfers")},
    {'code': 'unapplied_cash_aged', 'kind': 'payment', 'id': 'payment_id', 'when': 'document_unapplied_amount > 0 and is_old_enough and document_amount > 0', 'stake': 'document_unapplied_amount',
     'evidence': told("{figure document_unapplied_amount} not applied since {day received_date} while the customer has open items",
                      "{figure document_unapplied_amount} niet toegewezen sinds {day received_date}, terwijl de klant open posten heeft")},
    {'code': 'overallocated', 'kind': 'payment', 'id': 'payment_id', 'when': 'document_amount > 0 and document_allocated_amount > document_amount + settlement_tolerance_amount', 'stake': 'document_allocated_amount - document_amount',
     'evidence': told("{figure document_allocated_amount} applied from a payment of {figure document_amount}",
                      "{figure document_allocated_amount} toegewezen uit een betaling van {figure document_amount}")},
]) }}
