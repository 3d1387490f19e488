-- Payments with the entry of a statement that tells of them: the same one, or the only one with that account, day and amount.
with payments as (
    select * from {{ ref('int_payments_received') }}
),

entries as (
    select
        *,
        count(*) over (partition by bank_account, booked_date, currency, amount) as alike_count
    from {{ ref('int_bank_entries') }}
    where entry_kind = 'receipt'
),

alike as (
    select
        payment_id,
        bank_account,
        received_date,
        currency,
        amount,
        count(*) over (partition by bank_account, received_date, currency, amount) as alike_count
    from payments
)

select
    payments.payment_id,
    entries.payment_id as entry_id
from payments
inner join entries on payments.payment_id = entries.payment_id
union all
select
    alike.payment_id,
    entries.payment_id
from alike
inner join entries
    on
        alike.bank_account = entries.bank_account and alike.received_date = entries.booked_date and alike.currency = entries.currency
        and alike.amount = entries.amount
where alike.alike_count = 1 and entries.alike_count = 1 and alike.payment_id <> entries.payment_id
