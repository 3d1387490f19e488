-- What moved our bank accounts, told apart, and of what was taken back the receipt that it undoes.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

told_apart as (
    select * from {{ ref('int_bank_entries_told_apart') }}
),

-- What was taken back names its receipt by the payer's reference, or is the latest one of that account and amount that still stands: what
-- comes in opens a bracket and what goes back closes the last open one.
{%- for evidence, before in [('payer_reference', none), ('iban', 'payer_reference')] %}

paired_by_{{ evidence }} as (
    select
        payment_id,
        is_back,
        last_value(case when not is_back then payment_id end ignore nulls) over (
            partition by currency, abs(amount), {{ evidence }}, depth order by booked_date, is_back, payment_id
            rows between unbounded preceding and current row
        ) as receipt_id
    from (
        select
            *,
            entry_kind = 'taken_back' as is_back,
            sum(case entry_kind when 'receipt' then 1 else -1 end) over (
                partition by currency, abs(amount), {{ evidence }} order by booked_date, entry_kind = 'taken_back', payment_id
                rows between unbounded preceding and current row
            ) + case entry_kind when 'taken_back' then 1 else 0 end as depth
        from told_apart
        where
            entry_kind in ('receipt', 'taken_back') and {{ evidence }} <> ''
            {%- if before %}
            and payment_id not in (select reversed.payment_id from reversed_by_{{ before }} as reversed)
            and payment_id not in (select reversed.receipt_id from reversed_by_{{ before }} as reversed)
            {%- endif %}
    )
),

reversed_by_{{ evidence }} as (
    select payment_id, receipt_id from paired_by_{{ evidence }} where is_back and receipt_id is not null
),
{%- endfor %}

-- What the bank takes for the return may be in the same entry.
reversed_with_charge as (
    select
        backs.payment_id,
        receipts.payment_id as receipt_id
    from told_apart as backs
    cross join parameters
    inner join told_apart as receipts
        on
            backs.currency = receipts.currency and backs.payer_reference = receipts.payer_reference and backs.booked_date >= receipts.booked_date
    where
        backs.entry_kind = 'taken_back' and receipts.entry_kind = 'receipt'
        and -backs.amount > receipts.amount and -backs.amount <= receipts.amount + parameters.bank_charge_limit_amount
        {%- for side in ['backs', 'receipts'] %}
        and {{ side }}.payment_id not in (
            {%- for evidence in ['payer_reference', 'iban'] %}
            select {{ 'payment_id' if side == 'backs' else 'receipt_id' }} from reversed_by_{{ evidence }}
            {{- ' union all ' if not loop.last }}
            {%- endfor %}
        )
        {%- endfor %}
    qualify count(*) over (partition by backs.payment_id) = 1 and count(*) over (partition by receipts.payment_id) = 1
),

reversed as (
    select payment_id, receipt_id from reversed_by_payer_reference
    union all
    select payment_id, receipt_id from reversed_by_iban
    union all
    select payment_id, receipt_id from reversed_with_charge
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
    reversed.receipt_id as reverses_payment_id
from told_apart
left join reversed on told_apart.payment_id = reversed.payment_id
