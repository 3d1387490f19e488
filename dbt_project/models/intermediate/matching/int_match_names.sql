-- Which documents a receipt names: in its structured reference, in the reference of its payer, in what the payer wrote (int_match_words),
-- as they were owed on that day. A number of less than four signs names its own payer's alone; and where a receipt names documents of its payer, the others are no documents
-- but words; and where it names documents that were there when it came, so are those that were issued later.
with receipts as (
    select * from {{ ref('int_receipts_told') }}
),

items as (
    select * from {{ ref('int_match_items') }}
),

rejected as (
    select payment_id, invoice_id from {{ ref('stg_order_to_cash__match_decisions') }} where decision = 'rejected'
),

named as (
    select
        named_words.payment_id,
        named_words.invoice_id,
        string_agg(distinct named_words.word, ', ' order by named_words.word) as evidence,
        bool_or(named_words.is_reference) as has_reference,
        bool_or(named_words.is_creditors) as has_creditors_reference,
        max(named_words.key_length) as key_length
    from {{ ref('int_match_words') }} as named_words
    left join rejected on named_words.payment_id = rejected.payment_id and named_words.invoice_id = rejected.invoice_id
    where rejected.invoice_id is null
    group by named_words.payment_id, named_words.invoice_id
)

select
    named.payment_id,
    named.invoice_id,
    named.evidence,
    named.has_reference,
    -- A payer's own reference may be any number: alone it tells no part of another's document.
    named.has_creditors_reference or (named.has_reference and coalesce(items.pool_id = receipts.pool_id, false)) as is_told_in_parts,
    items.customer_id,
    items.payment_terms_id,
    items.issued_date,
    items.document_net_amount,
    items.owed_amount,
    coalesce(items.pool_id = receipts.pool_id, false) as is_own
from named
inner join receipts on named.payment_id = receipts.payment_id
inner join items
    on
        named.invoice_id = items.invoice_id and receipts.currency = items.currency
        and greatest(receipts.received_date, items.issued_date) >= items.owed_from_date
        and greatest(receipts.received_date, items.issued_date) < items.owed_until_date
where named.key_length >= 4 or items.pool_id = receipts.pool_id
qualify
    (is_own or not bool_or(is_own) over (partition by named.payment_id))
    and (items.issued_date <= receipts.received_date or not bool_or(items.issued_date <= receipts.received_date) over (partition by named.payment_id))
