-- Which documents a receipt names: in its structured reference, in the reference of its payer, in what the payer wrote (numbers however
-- they are written, ranges), as they were owed on that day. A number that two documents share names neither; one of less than four signs
-- names its own payer's alone; and where a receipt names documents of its payer, the others are no documents but words.
with receipts as (
    select * from {{ ref('int_match_receipts') }}
),

items as (
    select * from {{ ref('int_match_items') }}
),

rejected as (
    select payment_id, invoice_id from {{ ref('stg_order_to_cash__match_decisions') }} where decision = 'rejected'
),

numbers as (
    select distinct invoice_id, payment_reference from items
),

item_keys as (
    select
        number_key,
        min(invoice_id) as invoice_id
    from (
        select
            invoice_id,
            unnest(list_distinct({{ number_keys('invoice_id') }} || {{ reference_keys('invoice_id') }} || {{ reference_keys("coalesce(payment_reference, '')") }}))
                as number_key
        from numbers
    )
    group by number_key
    having count(distinct invoice_id) = 1
),

words as (
    select payment_id, {{ number_like('reference_text') }} as word from receipts where reference_text is not null
),

word_keys as (
    select payment_id, word, false as is_reference, unnest({{ number_keys('word') }}) as number_key from words
    {%- for reference in ['structured_reference', 'payer_reference'] %}
    union all
    select payment_id, {{ reference }}, true, unnest({{ number_keys(reference) }} || {{ reference_keys(reference) }})
    from receipts
    where {{ reference }} is not null
    {%- endfor %}
),

ranges as (
    select
        payment_id,
        word,
        regexp_extract(word, '^([A-Z0-9/._-]*[0-9])', 1) as first_number,
        regexp_extract(word, '([A-Z0-9/._-]*[0-9])$', 1) as last_number
    from (select payment_id, {{ number_ranges('reference_text') }} as word from receipts where reference_text is not null)
),

-- What the last number leaves out is that of the first.
spread as (
    select
        payment_id,
        word,
        unnest(generate_series(
            {{ running_number('first_number') }},
            least(
                {{ running_number("left(first_number, greatest(length(first_number) - length(last_number), 0)) || last_number") }},
                {{ running_number('first_number') }} + 200
            )
        )) as running_number,
        first_number
    from ranges
),

named_words as (
    select word_keys.payment_id, item_keys.invoice_id, word_keys.word, word_keys.is_reference, length(ltrim(word_keys.number_key, 'dz')) as key_length
    from word_keys
    inner join item_keys on word_keys.number_key = item_keys.number_key
    union all
    select spread.payment_id, item_keys.invoice_id, spread.word, false, length(spread.first_number)
    from spread
    inner join item_keys
        on
            'z' || {{ normalised_number("regexp_replace(spread.first_number, '[0-9]+$', '') || spread.running_number") }} = item_keys.number_key
),

named as (
    select
        named_words.payment_id,
        named_words.invoice_id,
        string_agg(distinct named_words.word, ', ' order by named_words.word) as evidence,
        bool_or(named_words.is_reference) as has_reference,
        max(named_words.key_length) as key_length
    from named_words
    left join rejected on named_words.payment_id = rejected.payment_id and named_words.invoice_id = rejected.invoice_id
    where rejected.invoice_id is null
    group by named_words.payment_id, named_words.invoice_id
)

select
    named.payment_id,
    named.invoice_id,
    named.evidence,
    named.has_reference,
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
qualify is_own or not bool_or(is_own) over (partition by named.payment_id)
