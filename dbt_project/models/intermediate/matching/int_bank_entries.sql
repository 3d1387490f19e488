-- What moved our bank accounts, told apart: receipts, money taken back, charges, interest, transfers between own accounts and what we
-- paid. An entry that holds several payments is taken by its details, in its own currency; what these leave of it is a row of its own,
-- so that nothing of a statement is lost.
with transactions as (
    select
        *,
        'bank:' || statement_id || ':' || entry_number || ':' || detail_number as payment_id,
        upper(replace(counterparty_iban, ' ', '')) as iban,
        nullif(nullif(trim(end_to_end_id), ''), 'NOTPROVIDED') as payer_reference,
        count(*) over entry > 1 and count(distinct currency) over entry = 1 as has_details,
        sum(case when detail_number <> '0' then amount else 0 end) over entry as details_amount
    from {{ ref('stg_order_to_cash__bank_transactions') }}
    where kind = 'statement'
    window entry as (partition by statement_id, entry_number)
),

accounts as (
    select distinct upper(replace(bank_account, ' ', '')) as iban from {{ ref('stg_order_to_cash__bank_statements') }}
),

entries as (
    select
        * exclude (amount, details_amount, has_details, kind),
        cast(case when has_details and detail_number = '0' then amount - details_amount else amount end as decimal(18, 4)) as amount,
        has_details and detail_number = '0' as is_rest
    from transactions
    where (detail_number = '0' and not has_details) or (has_details and (detail_number <> '0' or amount <> details_amount))
),

told_apart as (
    select
        entries.*,
        case
            when accounts.iban is not null then 'own_transfer'
            when {{ is_bank_code('entries.transaction_code', ['CHRG', 'COMM', 'FEES'], ['CHG', 'COM']) }} then 'charge'
            when {{ is_bank_code('entries.transaction_code', ['INTR'], ['INT']) }} then 'interest'
            when entries.is_rest then 'rest_of_details'
            when
                entries.amount < 0
                and (entries.is_reversal or {{ is_bank_code('entries.transaction_code', ['RRTN', 'UPDD', 'PRDD', 'RPCR'], ['RTI']) }})
                then 'taken_back'
            when entries.amount < 0 then 'paid_out'
            when entries.is_reversal then 'came_back'
            else 'receipt'
        end as entry_kind
    from entries
    left join accounts on entries.iban = accounts.iban and accounts.iban <> upper(replace(entries.bank_account, ' ', ''))
),

-- What was taken back names its receipt by the payer's reference, or is the latest one of that account and amount.
reversed as (
    select
        backs.payment_id,
        receipts.payment_id as reverses_payment_id,
        row_number() over (
            partition by backs.payment_id
            order by
                coalesce(backs.payer_reference = receipts.payer_reference, false) desc,
                receipts.booked_date desc, receipts.payment_id desc
        ) as receipt_rank
    from told_apart as backs
    inner join told_apart as receipts
        on
            backs.currency = receipts.currency and backs.amount = -receipts.amount and backs.booked_date >= receipts.booked_date
            and (backs.payer_reference = receipts.payer_reference or backs.iban = receipts.iban)
    where backs.entry_kind = 'taken_back' and receipts.entry_kind = 'receipt'
)

select
    told_apart.payment_id,
    told_apart.statement_id,
    told_apart.entry_number,
    told_apart.detail_number,
    told_apart.bank_account,
    told_apart.booked_date,
    told_apart.entry_kind,
    told_apart.amount,
    told_apart.currency,
    told_apart.counterparty_name,
    told_apart.iban as payer_iban,
    told_apart.payer_reference,
    told_apart.structured_reference,
    told_apart.remittance_text,
    reversed.reverses_payment_id
from told_apart
left join reversed on told_apart.payment_id = reversed.payment_id and reversed.receipt_rank = 1
