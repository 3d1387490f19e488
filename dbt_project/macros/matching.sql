{# Whether a bank's code ends in one of the sub-families of ISO 20022, or is one of SWIFT's types of MT940 (N, S or F before it). #}
{% macro is_bank_code(code, sub_families, swift_types) -%}
    coalesce(regexp_matches(upper({{ code }}), '(/({{ sub_families | join('|') }})$)|(^[NSF]({{ swift_types | join('|') }})$)'), false)
{%- endmacro %}

{#
What in a text may be the number of a document, one row each: every run of signs that holds a digit, the parts of one with slashes, two to
seven that spaces stand between (a reference is written in groups), and one with the word before it (INV 471).
#}
{% macro number_like(text) -%}
    {%- set words = "regexp_extract_all(upper(" ~ text ~ "), '[A-Z0-9/._-]*[0-9][A-Z0-9/._-]*')" -%}
    unnest(list_distinct(
        {{ words }}
        || list_filter(flatten(list_transform({{ words }}, lambda word: string_split(word, '/'))), lambda part: regexp_matches(part, '[0-9]{3}'))
        {%- for length in range(2, 8) %}
        || list_transform(
            generate_series(1, len({{ words }}) - {{ length - 1 }}), lambda place: array_to_string({{ words }}[place:place + {{ length - 1 }}], '')
        )
        {%- endfor %}
        || regexp_extract_all(upper({{ text }}), '\b[A-Z]{1,5}[ .:#]{1,2}[0-9]+\b')
    ))
{%- endmacro %}

{# Ranges in a text (2025-0007 t/m 2025-0012, 2025-0007 - 0012), one row each: `first` and `last` as they are written. #}
{% macro number_ranges(text) -%}
    unnest(regexp_extract_all(
        upper({{ text }}),
        '[A-Z0-9/._-]*[0-9] *(?: - |T/M|T[.]M[.]|TM | TOT EN MET | TOT | BIS | TO | THRU | THROUGH | AU |[.][.])[ ]*[A-Z0-9/._-]*[0-9]'
    ))
{%- endmacro %}

{#
Under which keys a document's number is known, and under which a word may name it: all its letters and digits; those without the zeros that
lead a run of digits; its digits alone, from five on.
#}
{% macro number_keys(number) -%}
    list_distinct(list_filter([
        regexp_replace(upper({{ number }}), '[^0-9A-Z]', '', 'g'),
        'z' || {{ normalised_number(number) }},
        case when length(regexp_replace({{ number }}, '[^0-9]', '', 'g')) >= 5 then 'd' || regexp_replace({{ number }}, '[^0-9]', '', 'g') end
    ], lambda key: key is not null and length(key) > 0))
{%- endmacro %}

{#
What a creditor's reference says of a document: the reference itself; without RF and check digits (ISO 11649) and without the two check digits
of a Belgian OGM of twelve where these are right; without the last one of a Swiss reference of 27, and the first one of a Dutch
betalingskenmerk of sixteen digits.
#}
{% macro reference_keys(reference) -%}
    {%- set bare = "regexp_replace(upper(" ~ reference ~ "), '[^0-9A-Z]', '', 'g')" -%}
    list_distinct(list_filter([
        {{ bare }},
        ltrim({{ bare }}, '0'),
        case when regexp_matches({{ bare }}, '^RF[0-9]{2}[0-9A-Z]+$') then case when {{ iban_remainder(bare) }} = 1 then ltrim(substr({{ bare }}, 5), '0') end end,
        case
            when
                regexp_matches({{ bare }}, '^[0-9]{12}$')
                and (try_cast(left({{ bare }}, 10) as bigint) + 96) % 97 + 1 = try_cast(right({{ bare }}, 2) as bigint)
                then ltrim(left({{ bare }}, 10), '0')
        end,
        ltrim(nullif(regexp_extract({{ bare }}, '^([0-9]{26})[0-9]$', 1), ''), '0'),
        ltrim(nullif(regexp_extract({{ bare }}, '^[0-9]([0-9]{15})$', 1), ''), '0')
    ], lambda key: key is not null and length(key) > 0))
{%- endmacro %}

{# A name as banks write it that know no accents: Müller as Mueller. #}
{% macro spelt_out(name) -%}
    {%- set ns = namespace(sql="upper(" ~ name ~ ")") -%}
    {%- for sign, letters in [('Ä', 'AE'), ('Æ', 'AE'), ('Ö', 'OE'), ('Ø', 'OE'), ('Ü', 'UE'), ('Å', 'AA'), ('ß', 'SS'), ('ẞ', 'SS')] -%}
        {%- set ns.sql = "replace(" ~ ns.sql ~ ", '" ~ sign ~ "', '" ~ letters ~ "')" -%}
    {%- endfor -%}
    {{ ns.sql }}
{%- endmacro %}

{# A customer's name as it stands on a bank's statement: its letters and digits, without the form of the company. #}
{% macro payer_name(name) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(upper(strip_accents({{ name }})), '[.]', '', 'g'),
            '(^| )(BV|NV|BVBA|VOF|CV|GMBH|AG|KG|LTD|LIMITED|PLC|INC|LLC|CORP|SA|SAS|SARL|SRL|SPA|AB|AS|OY|APS)( |$)', ' ', 'g'
        ),
        '[^0-9A-Z]', '', 'g'
    )
{%- endmacro %}
