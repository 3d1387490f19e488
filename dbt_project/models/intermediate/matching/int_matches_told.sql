-- Matches that something tells: 0 a person, 1 to 3 what the receipt names (int_matches_numbered), 4 its payer and amount
-- (int_match_amounts); a third party pays the only document of that amount among the customers for whom it may.
with receipts as (
    select * from {{ ref('int_match_receipts') }}
),

items as (
    select * from {{ ref('int_match_items') }}
),

payers as (
    select * from {{ ref('int_receipt_payers') }}
),

amounts as (
    select * from {{ ref('int_match_amounts') }}
),

rejected as (
    select * from {{ ref('stg_order_to_cash__match_decisions') }} where decision = 'rejected'
),

by_amount as (
    select payment_id, unnest(invoice_ids) as invoice_id, len(invoice_ids) as invoice_count from amounts
),

told as (
    select payment_id, invoice_id, 0 as step, null as complete_date, cash_amount, null as deduction, 0 as deducted_amount, evidence
    from {{ ref('int_matches_decided') }}
    union all
    select payment_id, invoice_id, step, complete_date, cash_amount, deduction, deducted_amount, evidence from {{ ref('int_matches_numbered') }}
    union all
    select
        by_amount.payment_id,
        by_amount.invoice_id,
        4,
        receipts.received_date,
        items.owed_amount,
        null,
        0,
        payers.known_by || case when by_amount.invoice_count = 1 then ', its only document' else ', its only documents' end || ' of that amount'
    from by_amount
    inner join receipts on by_amount.payment_id = receipts.payment_id
    inner join payers on by_amount.payment_id = payers.payment_id
    inner join items
        on by_amount.invoice_id = items.invoice_id and receipts.received_date >= items.owed_from_date and receipts.received_date < items.owed_until_date
),

for_others as (
    select
        receipts.payment_id,
        items.invoice_id,
        4 as step,
        receipts.received_date as complete_date,
        items.owed_amount as cash_amount,
        null as deduction,
        0 as deducted_amount,
        'pays for ' || items.customer_id || ', the only document of that amount' as evidence
    from receipts
    inner join payers on receipts.payment_id = payers.payment_id
    inner join {{ ref('stg_order_to_cash__third_party_payers') }} as third_parties
        on
            payers.customer_id = third_parties.payer_customer_id and receipts.received_date >= third_parties.valid_from_date
            and (third_parties.valid_until_date is null or receipts.received_date < third_parties.valid_until_date)
    inner join items
        on
            third_parties.customer_id = items.customer_id and receipts.currency = items.currency and receipts.amount = items.owed_amount
            and receipts.received_date >= items.owed_from_date and receipts.received_date < items.owed_until_date
    left join rejected on receipts.payment_id = rejected.payment_id and items.invoice_id = rejected.invoice_id
    where
        rejected.payment_id is null and receipts.payment_id not in (select told.payment_id from told)
        and items.invoice_id not in (select told.invoice_id from told)
        and receipts.payment_id not in (select amounts.payment_id from amounts where amounts.candidate_count > 0)
        and receipts.payment_id not in (select names.payment_id from {{ ref('int_match_names') }} as names where names.is_own)
    qualify count(*) over (partition by receipts.payment_id) = 1 and count(*) over (partition by items.invoice_id) = 1
)

select * from told
union all
select * from for_others
