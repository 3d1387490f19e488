-- What moved our bank accounts, told apart: receipts, money taken back, charges, interest, transfers between own accounts and what we
-- paid. An entry that holds several payments is taken by its details, in its own currency; what these leave of it is a row of its own,
-- so that nothing of a statement is lost. A statement that is known by its number alone is one of its account and year: numbers begin again.
with transactions as (
    select
        *,
        'bank:' || case when contains(statement_id, bank_account) then statement_id else bank_account || '/' || booked_date || '/' || statement_id end
        || ':' || entry_number || ':' || detail_number as payment_id,
        {{ normalised_account('counterparty_iban') }} as iban,
        case
            when regexp_replace(upper(end_to_end_id), '[^0-9A-Z]', '', 'g') not in ('', 'NOTPROVIDED', 'NOTAVAILABLE', 'NONREF', 'NOREF', 'NONE')
                then trim(end_to_end_id)
        end as payer_reference,
        count(*) over entry > 1 and count(distinct currency) over entry = 1 as has_details,
        sum(case when detail_number <> '0' then amount else 0 end) over entry as details_amount
    from {{ ref('stg_order_to_cash__bank_transactions') }}
    where kind = 'statement'
    window entry as (partition by bank_account, year(booked_date), statement_id, entry_number)
),

-- Some banks write the account's currency behind its number.
accounts as (
    select {{ normalised_account('bank_account') }} as iban from {{ ref('stg_order_to_cash__bank_statements') }}
    union
    select regexp_replace({{ normalised_account('bank_account') }}, currency || '$', '') from {{ ref('stg_order_to_cash__bank_statements') }}
),

entries as (
    select
        * exclude (amount, details_amount, has_details, kind),
        cast(case when has_details and detail_number = '0' then amount - details_amount else amount end as decimal(18, 4)) as amount,
        has_details and detail_number = '0' as is_rest
    from transactions
    where (detail_number = '0' and not has_details) or (has_details and (detail_number <> '0' or amount <> details_amount))
)

select
    entries.*,
    case
        when not starts_with({{ normalised_account('entries.bank_account') }}, accounts.iban) then 'own_transfer'
        when {{ is_bank_code('entries.transaction_code', ['CHRG', 'COMM', 'FEES', '805', '808'], ['CHG', 'COM']) }} then 'charge'
        when {{ is_bank_code('entries.transaction_code', ['INTR', '814'], ['INT']) }} then 'interest'
        when entries.is_rest then 'rest_of_details'
        when entries.is_reversal or {{ is_bank_code('entries.transaction_code', ['RRTN', 'UPDD', 'PRDD', 'RPCR', '108', '109', '159'], ['RTI', '108', '109', '159']) }}
            then case when entries.amount < 0 then 'taken_back' else 'came_back' end
        when entries.amount < 0 then 'paid_out'
        else 'receipt'
    end as entry_kind
from entries
left join accounts on entries.iban = accounts.iban
