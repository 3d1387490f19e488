{# Whether a bank's code ends in one of the sub-families of ISO 20022, or is one of SWIFT's types of MT940 (N, S or F before it). #}
{% macro is_bank_code(code, sub_families, swift_types) -%}
    coalesce(regexp_matches(upper({{ code }}), '(/({{ sub_families | join('|') }})$)|(^[NSF]({{ swift_types | join('|') }})$)'), false)
{%- endmacro %}

{#
What in a text may be the number of a document, one row each: every run of signs that holds a digit, the parts of one with slashes, and two
that a space stands between.
#}
{% macro number_like(text) -%}{{ return(adapter.dispatch('number_like')(text)) }}{%- endmacro %}
{% macro default__number_like(text) -%}
    {%- set words = "regexp_extract_all(upper(" ~ text ~ "), '[A-Z0-9/._-]*[0-9][A-Z0-9/._-]*')" -%}
    unnest(list_distinct(
        {{ words }}
        || list_filter(flatten(list_transform({{ words }}, lambda word: string_split(word, '/'))), lambda part: regexp_matches(part, '[0-9]{3}'))
        || list_transform(list_zip({{ words }}[:-2], {{ words }}[2:]), lambda pair: pair[1] || pair[2])
    ))
{%- endmacro %}

{# Ranges in a text (2025-0007 t/m 2025-0012, 2025-0007 - 0012), one row each: `first` and `last` as they are written. #}
{% macro number_ranges(text) -%}{{ return(adapter.dispatch('number_ranges')(text)) }}{%- endmacro %}
{% macro default__number_ranges(text) -%}
    unnest(regexp_extract_all(
        upper({{ text }}),
        '[A-Z0-9/._-]*[0-9] *(?: - |T/M|T[.]M[.]|TM | TOT EN MET | TOT | BIS | TO | THRU | THROUGH | AU |[.][.])[ ]*[A-Z0-9/._-]*[0-9]'
    ))
{%- endmacro %}

{#
Under which keys a document's number is known, and under which a word may name it: all its letters and digits; those without the zeros that
lead a run of digits; its digits alone, from five on.
#}
{% macro number_keys(number) -%}{{ return(adapter.dispatch('number_keys')(number)) }}{%- endmacro %}
{% macro default__number_keys(number) -%}
    list_distinct(list_filter([
        regexp_replace(upper({{ number }}), '[^0-9A-Z]', '', 'g'),
        'z' || {{ normalised_number(number) }},
        case when length(regexp_replace({{ number }}, '[^0-9]', '', 'g')) >= 5 then 'd' || regexp_replace({{ number }}, '[^0-9]', '', 'g') end
    ], lambda key: key is not null and length(key) > 0))
{%- endmacro %}

{#
What a creditor's reference says of a document: the reference itself; without RF and check digits (ISO 11649); without the two check digits
of a Belgian OGM of twelve, the last one of a Swiss reference of 27, and the first one of a Dutch betalingskenmerk of sixteen digits.
#}
{% macro reference_keys(reference) -%}{{ return(adapter.dispatch('reference_keys')(reference)) }}{%- endmacro %}
{% macro default__reference_keys(reference) -%}
    {%- set bare = "regexp_replace(upper(" ~ reference ~ "), '[^0-9A-Z]', '', 'g')" -%}
    list_distinct(list_filter([
        {{ bare }},
        ltrim({{ bare }}, '0'),
        ltrim(nullif(regexp_extract({{ bare }}, '^RF[0-9]{2}([0-9A-Z]+)$', 1), ''), '0'),
        ltrim(nullif(regexp_extract({{ bare }}, '^([0-9]{10})[0-9]{2}$', 1), ''), '0'),
        ltrim(nullif(regexp_extract({{ bare }}, '^([0-9]{26})[0-9]$', 1), ''), '0'),
        ltrim(nullif(regexp_extract({{ bare }}, '^[0-9]([0-9]{15})$', 1), ''), '0')
    ], lambda key: key is not null and length(key) > 0))
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
