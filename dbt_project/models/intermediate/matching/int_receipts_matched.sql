-- Each receipt with how it was matched, whether the ledger says the same, and how long its money waited for its first application.
with receipts as (
    select * from {{ ref('int_match_receipts') }}
),

payments as (
    select * from {{ ref('fct_payments') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

matches as (
    select
        payment_id,
        min(step) as step,
        min_by(matched_by, step) as matched_by,
        sum(cash_amount) as matched_amount,
        string_agg(distinct evidence, '; ' order by evidence) as evidence
    from {{ ref('int_cash_matches') }}
    group by payment_id
),

applications as (
    select
        payment_id,
        min(applied_date) as applied_date
    from {{ ref('fct_payment_applications') }}
    where document_payment_amount > 0
    group by payment_id
),

compared as (
    select * from {{ ref('int_matches_compared') }}
)

select
    receipts.payment_id,
    payments.customer_id,
    coalesce(customers.account_owner_id, 'unknown') as salesperson_id,
    receipts.received_date,
    receipts.currency,
    receipts.amount as document_amount,
    payments.amount,
    payments.is_held_out,
    receipts.payer_iban,
    receipts.counterparty_name,
    receipts.reference_text,
    matches.step,
    coalesce(matches.matched_by, 'unmatched') as matched_by,
    matches.matched_amount,
    matches.evidence,
    compared.is_agreed,
    {{ days_between('receipts.received_date', 'applications.applied_date') }} as days_to_apply
from receipts
inner join payments on receipts.payment_id = payments.payment_id
left join customers on payments.customer_id = customers.customer_id
left join matches on receipts.payment_id = matches.payment_id
left join compared on receipts.payment_id = compared.payment_id
left join applications on receipts.payment_id = applications.payment_id
