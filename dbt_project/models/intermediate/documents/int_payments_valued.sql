-- Payments in the reporting currency, before the rules have judged them.
with night as (
    select * from {{ ref('stg_company__night') }}
),

customer_ids as (
    select * from {{ ref('int_customer_ids') }}
),

payments as (
    select payments.* replace (coalesce(customer_ids.customer_id, payments.customer_id) as customer_id)
    from {{ ref('int_payments_delivered') }} as payments
    left join customer_ids on payments.customer_id = customer_ids.delivered_customer_id
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

rated as (
    select
        payments.*,
        case when payments.currency = night.reporting_currency then cast(1 as decimal(18, 8)) else rates.rate end as received_rate
    from payments
    cross join night
    left join rates on payments.currency = rates.currency and payments.received_date = rates.valid_date
    where payments.received_date <= night.report_date
)

select
    payment_id,
    received_date,
    coalesce(customer_id, 'unknown') as customer_id,
    currency,
    received_rate,
    amount as document_amount,
    {{ converted('amount', 'received_rate') }} as amount,
    payer_iban,
    reference_text,
    bank_account,
    is_reversal_of as reverses_payment_id
from rated
