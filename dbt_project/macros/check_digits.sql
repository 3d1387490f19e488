{# A VAT id without blanks, dots and dashes, in upper case. #}
{% macro normalised_vat_id(vat_id) -%}upper(replace(replace(replace(trim({{ vat_id }}), ' ', ''), '.', ''), '-', '')){%- endmacro %}

{# An account as it is compared: in upper case, without the spaces between its groups. #}
{% macro normalised_account(account) -%}upper(replace({{ account }}, ' ', '')){%- endmacro %}

{# Sum of digit x weight over the first digits of a text of digits. #}
{% macro weighted_digits(body, weights) -%}
    ({% for weight in weights %}{{ weight }} * cast(substr({{ body }}, {{ loop.index }}, 1) as integer){{ ' + ' if not loop.last }}{% endfor %})
{%- endmacro %}

{# ISO 7064 modulo 11,10 over eight digits: the ninth of a German VAT id. #}
{% macro german_check_digit(body) -%}
    (11 - list_reduce(
        [10{% for position in range(1, 9) %}, cast(substr({{ body }}, {{ position }}, 1) as integer){% endfor %}],
        lambda product, digit: (case when (product + digit) % 10 = 0 then 10 else (product + digit) % 10 end * 2) % 11
    )) % 10
{%- endmacro %}

{# Remainder of an IBAN (country and check digits moved to its end, letters as numbers) by 97, in three steps: it does not fit one number. #}
{% macro iban_remainder(iban) -%}
    list_reduce(
        list_prepend(0, list_transform(
            string_split(substr({{ iban }}, 5) || substr({{ iban }}, 1, 4), ''),
            lambda sign: case when sign between '0' and '9' then cast(ascii(sign) - 48 as bigint) else cast(ascii(sign) - 55 as bigint) end
        )),
        lambda remainder, value: (case when value > 9 then remainder * 100 else remainder * 10 end + value) % 97
    )
{%- endmacro %}
