{#
Rows of findings in their one shape, from a relation of suspects. Each rule says its `code`, `when` it fires, its `stake` (in
the document's currency, signed) and its `evidence` (what was `told` in both languages). The relation carries
invoice_id, order_id, customer_id, event_date and booking_rate; a rule about lines says `line`, one about another kind of
document says `kind` and `id`.
#}
{% macro findings(relation, rules) -%}
    {%- for rule in rules %}
    select
        '{{ rule.code }}' as error_code,
        '{{ rule.kind or 'invoice' }}' as document_kind,
        {{ rule.id or 'invoice_id' }} as document_id,
        invoice_id,
        order_id,
        {{ rule.line or 'cast(null as varchar)' }} as line_number,
        customer_id,
        event_date,
        {% if rule.stake %}{{ converted('(' ~ rule.stake ~ ')', 'booking_rate') }}{% else %}cast(null as decimal(18, 4)){% endif %} as stake_amount,
        {{ rule.owner or 'cast(null as varchar)' }} as owner_department,
        {{ rule.evidence.english }} as evidence,
        {{ rule.evidence.dutch }} as evidence_nl
    from {{ relation }}
    where {{ rule.when }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

{#
What was found, in words with its own figures: `{expression}` of a text stands for a value as it is, `{figure expression}` for one with two
decimals, `{number expression}` for one with as many as it has, `{day expression}` for a date. What is not there reads 'none'.
#}
{% macro told(english, dutch) -%}{{ return({'english': sentence(english), 'dutch': sentence(dutch, dutch=true)}) }}{%- endmacro %}

{# One of two tellings, by a condition. #}
{% macro told_when(condition, then, otherwise) -%}
    {%- set told = {} -%}
    {%- for language in ('english', 'dutch') -%}
    {%- do told.update({language: 'case when ' ~ condition ~ ' then ' ~ then[language] ~ ' else ' ~ otherwise[language] ~ ' end'}) -%}
    {%- endfor -%}
    {{ return(told) }}
{%- endmacro %}

{# The expression of a text as `told` has it. Dutch has a comma before decimals, and the day before the month. #}
{% macro sentence(text, dutch=false) -%}
    {%- set missing, parts = "'geen'" if dutch else "'none'", [] -%}
    {%- for part in text.replace('}', '{').split('{') -%}
        {%- set kind, value = part.partition(' ')[0], part.partition(' ')[2] -%}
        {%- if loop.index is odd -%}
            {%- if part -%}{%- do parts.append("'" ~ part.replace("'", "''") ~ "'") -%}{%- endif -%}
        {%- elif value and kind in ('figure', 'number') -%}
            {%- set written = 'cast(cast(' ~ value ~ ' as decimal(' ~ ('18, 2' if kind == 'figure' else '28, 8') ~ ')) as varchar)' -%}
            {%- set written = written if kind == 'figure' else 'rtrim(rtrim(' ~ written ~ ", '0'), '.')" -%}
            {%- do parts.append('coalesce(' ~ ("replace(" ~ written ~ ", '.', ',')" if dutch else written) ~ ', ' ~ missing ~ ')') -%}
        {%- else -%}
            {%- set written = (dutch_day(value) if dutch else 'cast(' ~ value ~ ' as varchar)') if value and kind == 'day' else 'cast(' ~ part ~ ' as varchar)' -%}
            {%- do parts.append('coalesce(' ~ written ~ ', ' ~ missing ~ ')') -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(parts | join(' || ')) }}
{%- endmacro %}

{# A date as Dutch has it: 31-12-2025. #}
{% macro dutch_day(date) -%}strftime({{ date }}, '%d-%m-%Y'){%- endmacro %}

{# 64 bits that stand for the values of some columns; equal values of one type give equal bits. #}
{% macro row_hash(columns) -%}hash({{ columns | join(', ') }}){%- endmacro %}

{# Half up toward plus infinity at the minor units of a currency: JPY 0, EUR 2, KWD 3. #}
{% macro rounded_to_units(amount, units) -%}
    case {{ units }}
        when 0 then cast(floor({{ amount }} + 0.5) as decimal(24, 4))
        when 3 then cast(cast(floor(({{ amount }}) * 1000 + 0.5) as decimal(24, 0)) * 0.001 as decimal(24, 4))
        else cast(cast(floor(({{ amount }}) * 100 + 0.5) as decimal(24, 0)) * 0.01 as decimal(24, 4))
    end
{%- endmacro %}

{# A reference as people copy it: letters and digits only, in upper case, without leading zeros: 'PO-2025/0012' and 'po 2025.0012'
agree, and 4500012.0 is 4500012 as a spreadsheet wrote it. #}
{% macro normalised_reference(reference) -%}
    ltrim(regexp_replace(regexp_replace(upper({{ reference }}), '^ *([0-9]+)[.]0 *$', '\1'), '[^0-9A-Z]', '', 'g'), '0')
{%- endmacro %}

{#
Letters and digits only, in upper case, each run of digits without its leading zeros: 'INV/2025-0012' and 'inv 2025 12' agree. Two runs
of digits stay apart: '2025-1-12' and '2025-11-2' are two numbers.
#}
{% macro normalised_number(number) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(upper(trim({{ number }})), '(^|[^0-9])0+([0-9])', '\1\2', 'g'), '([0-9])[^0-9A-Z]+([0-9])', '\1.\2', 'g'
        ), '[^0-9A-Z.]', '', 'g'
    )
{%- endmacro %}

{# The last run of digits of a document number, as a number. #}
{% macro running_number(number) -%}try_cast(regexp_extract({{ number }}, '([0-9]+)[^0-9]*$', 1) as bigint){%- endmacro %}

{#
The number within the number of a document that runs on, and the digits around it within which it does: 7 and 2025 in 2025-007, 007/2025 and
2025007; 3 and 12-04 in 12-04-003. The year is that of the day of issue or the one before.
#}
{% macro number_in_block(number, issued_date) -%}
    try_cast(case
        when {{ ends_with_a_year(number, issued_date) }} then regexp_extract({{ number }}, '([0-9]+)[^0-9]+[0-9]+[^0-9]*$', 1)
        when {{ begins_with_a_year(number, issued_date) }} then regexp_extract({{ number }}, '[0-9]{4}([0-9]+)[^0-9]*$', 1)
        else regexp_extract({{ number }}, '([0-9]+)[^0-9]*$', 1)
    end as bigint)
{%- endmacro %}

{% macro number_block(number, issued_date) -%}
    trim(regexp_replace(case
        when {{ ends_with_a_year(number, issued_date) }} then regexp_replace({{ number }}, '[0-9]+([^0-9]+[0-9]+[^0-9]*)$', '\1')
        when {{ begins_with_a_year(number, issued_date) }} then regexp_replace({{ number }}, '([0-9]{4})[0-9]+[^0-9]*$', '\1')
        else regexp_replace({{ number }}, '[0-9]+[^0-9]*$', '')
    end, '[^0-9]+', '-', 'g'), '-')
{%- endmacro %}

{% macro ends_with_a_year(number, issued_date) -%}
    coalesce(
        regexp_matches({{ number }}, '[0-9][^0-9]+[0-9]{4}[^0-9]*$')
        and {{ is_year_of("regexp_extract(" ~ number ~ ", '([0-9]+)[^0-9]*$', 1)", issued_date) }}
        and not {{ is_year_of("regexp_extract(" ~ number ~ ", '([0-9]+)[^0-9]+[0-9]+[^0-9]*$', 1)", issued_date) }}, false
    )
{%- endmacro %}

{% macro begins_with_a_year(number, issued_date) -%}
    coalesce(
        regexp_matches({{ number }}, '[0-9]{7,}[^0-9]*$')
        and {{ is_year_of("left(regexp_extract(" ~ number ~ ", '([0-9]+)[^0-9]*$', 1), 4)", issued_date) }}, false
    )
{%- endmacro %}

{% macro is_year_of(digits, issued_date) -%}
    coalesce(try_cast({{ digits }} as integer) in (extract(year from {{ issued_date }}), extract(year from {{ issued_date }}) - 1), false)
{%- endmacro %}

{# What it costs to wait some days for an amount, in cents; a year has 365 days (multiplied: a division would give a double). #}
{% macro financing_cost(amount, days, yearly_share) -%}
    {{ rounded_half_up('cast(' ~ amount ~ ' as decimal(38, 4)) * ' ~ yearly_share ~ ' * ' ~ days ~ ' * 0.00274') }}
{%- endmacro %}

{# The VAT category of a line or allowance that must carry no VAT and says a rate all the same (EN 16931: BR-Z, BR-E, BR-AE, BR-IC, BR-G, BR-O). #}
{% macro taxed_zero_category(category, share) -%}
    case when {{ category }} in ('Z', 'E', 'AE', 'K', 'G', 'O') and {{ share }} <> 0 then {{ category }} end
{%- endmacro %}

{# Whether a rate is below zero, or nothing for the standard category (EN 16931: BR-S, BR-IG, BR-IP). #}
{% macro is_rate_too_low(category, share) -%}
    coalesce({{ share }} < 0 or ({{ category }} = 'S' and {{ share }} = 0), false)
{%- endmacro %}

{#
Whether a category does not go with the countries of a document: within the EU (K) to a country outside it, from one outside it (Northern
Ireland may be told as GB) or, by where was delivered or else by the buyer's VAT id, within the seller's own; an export (G) within a country or
within the EU.
#}
{% macro is_category_of_another_place(document, eu_countries) -%}
    {%- set eu = '(select ' ~ eu_countries ~ '.country from ' ~ eu_countries ~ ')' -%}
    coalesce(case {{ document }}.vat_category
        when 'K' then
            ({{ document }}.supplied_country not in {{ eu }} and coalesce({{ document }}.vat_id_country, '') not in {{ eu }})
            or ({{ document }}.seller_country <> 'GB' and {{ document }}.seller_country not in {{ eu }})
            or {{ document }}.seller_country = coalesce({{ document }}.delivered_to_country, {{ document }}.vat_id_country)
        when 'G' then
            {{ document }}.seller_country = {{ document }}.supplied_country
            or ({{ document }}.supplied_country <> 'XI' and {{ document }}.supplied_country in {{ eu }} and coalesce({{ document }}.seller_country in {{ eu }}, true))
    end, false)
{%- endmacro %}

{# How many base units of a product one of its other units is; units as they are compared, in upper case. #}
{% macro unit_conversions() -%}
    select
        product_id,
        upper(trim(unit)) as unit,
        base_quantity
    from {{ ref('stg_order_to_cash__unit_conversions') }}
{%- endmacro %}

{#
Whether an amount is that of a month for a part of it, or for several: by its own days (16 of 31 and a whole June), by thirtieths, or by the
days of a year. 300 a month from 16 to 31 May is 154.84, 160.00 or 157.81.
#}
{% macro is_of_months(amount, month_amount, first_day, last_day) -%}
    coalesce(abs({{ amount }} - {{ month_amount }} * (
        {{ months_between(first_day, last_day) }}
        + extract(day from {{ last_day }}) / cast(extract(day from {{ month_end(last_day) }}) as double)
        - (extract(day from {{ first_day }}) - 1) / cast(extract(day from {{ month_end(first_day) }}) as double)
    )) <= 0.01, false)
    or coalesce(abs({{ amount }} - {{ month_amount }} * (({{ days_between(first_day, last_day) }} + 1) / 30.0)) <= 0.01, false)
    or coalesce(abs({{ amount }} - {{ month_amount }} * (({{ days_between(first_day, last_day) }} + 1) * 12 / 365.0)) <= 0.01, false)
{%- endmacro %}

{# Whether a unit of measure (UN/ECE recommendation 20, or as people write it) is weighed or measured, so that the delivered quantity decides. #}
{% macro is_measured_unit(unit) -%}
    coalesce(upper(trim({{ unit }})) in ('KGM', 'KG', 'GRM', 'G', 'TNE', 'T', 'LBR', 'LTR', 'L', 'HLT', 'MTQ', 'M3', 'MTR', 'M', 'MTK', 'M2', 'KWH', 'MWH'), false)
{%- endmacro %}

{# Half a unit of the last decimal of a price that is written with four or more: the price of one piece was rounded there. #}
{% macro price_rounding(price) -%}
    case
        {%- for places in (3, 4, 5, 6, 7) %}
        when round({{ price }}, {{ places }}) = {{ price }} then {{ 0 if places == 3 else '0.' ~ '0' * places ~ '5' }}
        {%- endfor %}
        else 0.000000005
    end
{%- endmacro %}
