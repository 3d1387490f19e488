-- Check digits of VAT ids: NL (11-test or modulo 97), BE (modulo 97), DE (ISO 7064 modulo 11,10). Other countries have no
-- check here: their ids are taken as they are.
with customers as (
    select * from {{ ref('dim_customers') }}
),

cleaned as (
    select
        customer_id,
        country,
        vat_id,
        {{ normalised_vat_id('vat_id') }} as clean_id
    from customers
    where vat_id is not null
),

digits as (
    select
        *,
        case
            when clean_id ~ '^NL[0-9]{9}B[0-9]{2}$' then substr(clean_id, 3, 9)
            when clean_id ~ '^BE[01][0-9]{9}$' then substr(clean_id, 3, 10)
            when clean_id ~ '^DE[0-9]{9}$' then substr(clean_id, 3, 9)
        end as body
    from cleaned
),

german as (
    select
        customer_id,
        {{ german_check_digit('body') }} as check_digit
    from digits
    where left(clean_id, 2) = 'DE' and body is not null
)

select
    digits.customer_id,
    digits.vat_id,
    case left(digits.clean_id, 2)
        when 'NL' then digits.body is not null and (
            {{ weighted_digits('digits.body', [9, 8, 7, 6, 5, 4, 3, 2]) }} % 11 = cast(substr(digits.body, 9, 1) as integer)
            or cast('2321' || digits.body || '11' || substr(digits.clean_id, 13, 2) as hugeint) % 97 = 1
        )
        when 'BE' then digits.body is not null and 97 - cast(substr(digits.body, 1, 8) as bigint) % 97 = cast(substr(digits.body, 9, 2) as bigint)
        when 'DE' then digits.body is not null and german.check_digit = cast(substr(digits.body, 9, 1) as integer)
        else true
    end as is_valid
from digits
left join german on digits.customer_id = german.customer_id
