-- Which receipt settles which invoices, each step with its evidence, each receipt once and each invoice once: by the creditor's
-- reference; by the numbers in the text that add up; the same but for cents; by the only invoice of the payer with that amount.
-- Between two that are equal nothing is chosen.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

receipts as (
    select * from {{ ref('int_match_receipts') }}
),

items as (
    select * from {{ ref('int_match_items') }}
),

words as (
    select payment_id, {{ number_like('creditor_reference') }} as word, true as is_reference from receipts where creditor_reference <> ''
    union all
    select payment_id, {{ number_like('reference_text') }}, false from receipts where reference_text is not null
),

keys as (
    select
        payment_id,
        {{ normalised_number('word') }} as number_key,
        bool_or(is_reference) as is_reference
    from words
    group by 1, 2
),

named as (
    select
        keys.payment_id,
        items.invoice_id,
        items.owed_amount,
        sum(items.owed_amount) over (partition by keys.payment_id) as named_amount,
        count(*) over (partition by keys.payment_id) as named_count,
        bool_or(keys.is_reference) over (partition by keys.payment_id) as has_reference,
        row_number() over (partition by items.invoice_id order by receipts.received_date, keys.payment_id) as claim_rank
    from keys
    inner join items on keys.number_key = items.number_key
    inner join receipts on keys.payment_id = receipts.payment_id and items.currency = receipts.currency
),

-- An invoice goes to the first receipt that names it; a receipt that lost one of its invoices has none.
summed as (
    select
        named.*,
        receipts.amount,
        case
            when max(named.claim_rank) over (partition by named.payment_id) > 1 then null
            when named.has_reference and named.named_count = 1 and receipts.amount = named.named_amount then 1
            when receipts.amount = named.named_amount then 2
            when abs(receipts.amount - named.named_amount) <= parameters.settlement_tolerance_amount then 3
        end as step
    from named
    cross join parameters
    inner join receipts on named.payment_id = receipts.payment_id
),

by_number as (
    select * from summed where step is not null
),

-- What is left, by payer and amount: one open invoice, and no other receipt that could be its payment.
equal as (
    select
        receipts.payment_id,
        items.invoice_id,
        items.owed_amount,
        receipts.amount,
        count(*) over (partition by receipts.payment_id) as item_count,
        count(*) over (partition by items.invoice_id) as receipt_count
    from receipts
    inner join items
        on
            receipts.customer_id = items.customer_id
            and receipts.currency = items.currency
            and receipts.amount = items.owed_amount
            and receipts.received_date >= items.issued_date
    where
        receipts.payment_id not in (select by_number.payment_id from by_number)
        and receipts.payment_id not in (select named.payment_id from named)
        and items.invoice_id not in (select by_number.invoice_id from by_number)
)

select payment_id, invoice_id, step, owed_amount, amount as receipt_amount, named_count as invoice_count from by_number
union all
select payment_id, invoice_id, 4, owed_amount, amount, 1 from equal where item_count = 1 and receipt_count = 1
