-- Words of a receipt that are the number or the reference of a document, however they are written, and numbers within a range. A word that
-- two documents share names neither, from the day on which the second one was issued: what came in before it named the first.
with receipts as (
    select * from {{ ref('int_receipts_told') }}
),

numbers as (
    select distinct invoice_id, payment_reference, issued_date from {{ ref('int_match_items') }}
),

words as (
    select payment_id, {{ number_like('reference_text') }} as word from receipts where reference_text is not null
),

word_keys as (
    select payment_id, word, false as is_reference, false as is_creditors, unnest({{ number_keys('word') }} || {{ reference_keys('word') }}) as number_key
    from words
    {%- for reference in ['structured_reference', 'payer_reference'] %}
    union all
    select payment_id, {{ reference }}, true, {{ 'true' if reference == 'structured_reference' else 'false' }}, unnest({{ number_keys(reference) }} || {{ reference_keys(reference) }})
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

named as (
    select payment_id, word, is_reference, is_creditors, number_key, length(ltrim(number_key, 'dz')) as key_length from word_keys
    union all
    select
        payment_id,
        word,
        false,
        false,
        'z' || {{ normalised_number("regexp_replace(first_number, '[0-9]+$', '') || running_number") }},
        length(first_number)
    from spread
),

item_keys as (
    select
        number_key,
        invoice_id,
        issued_date,
        lead(issued_date) over (partition by number_key order by issued_date, invoice_id) as shared_from_date
    from (
        select
            invoice_id,
            issued_date,
            unnest(list_distinct({{ number_keys('invoice_id') }} || {{ reference_keys('invoice_id') }} || {{ reference_keys("coalesce(payment_reference, '')") }}))
                as number_key
        from numbers
    )
    where number_key in (select named.number_key from named)
    qualify row_number() over (partition by number_key order by issued_date, invoice_id) = 1
)

select
    named.payment_id,
    item_keys.invoice_id,
    named.word,
    named.is_reference,
    named.is_creditors,
    named.key_length
from named
inner join receipts on named.payment_id = receipts.payment_id
inner join item_keys
    on
        named.number_key = item_keys.number_key
        and (item_keys.shared_from_date is null or (receipts.received_date < item_keys.shared_from_date and item_keys.issued_date < item_keys.shared_from_date))
