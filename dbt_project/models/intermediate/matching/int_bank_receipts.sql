-- Receipts on bank statements: what came in and is no transfer between our own accounts. An entry that holds several is taken by its
-- details, which the bank books together.
with transactions as (
    select * from {{ ref('stg_order_to_cash__bank_transactions') }} where kind = 'statement'
),

batches as (
    select distinct statement_id, entry_number from transactions where detail_number <> '0'
),

accounts as (
    select distinct upper(replace(bank_account, ' ', '')) as bank_account from {{ ref('stg_order_to_cash__bank_statements') }}
)

select
    'bank:' || transactions.statement_id || ':' || transactions.entry_number || ':' || transactions.detail_number as payment_id,
    transactions.statement_id,
    transactions.bank_account,
    transactions.booked_date,
    transactions.amount,
    transactions.currency,
    transactions.counterparty_name,
    transactions.counterparty_iban,
    transactions.end_to_end_id,
    transactions.structured_reference,
    transactions.remittance_text
from transactions
left join batches
    on transactions.statement_id = batches.statement_id and transactions.entry_number = batches.entry_number and transactions.detail_number = '0'
left join accounts on upper(replace(transactions.counterparty_iban, ' ', '')) = accounts.bank_account
where transactions.amount > 0 and batches.entry_number is null and accounts.bank_account is null
