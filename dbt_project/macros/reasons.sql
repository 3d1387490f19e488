{#
Why a figure is as it is: a code of `seeds/kpi_reasons.csv` with its figures, one value of one type; a row carries a list of them. The
seed's texts name the figures they need: {count}, {of_count}, {amount}, {date} or {month}, {subject} and {words}, the company's own.
#}
{% macro reason_type() -%}
    struct(code varchar, "count" bigint, of_count bigint, amount decimal(18, 4), "date" date, subject varchar, words varchar)
{%- endmacro %}

{% macro reason(code, count=none, of_count=none, amount=none, date=none, subject=none, words=none) -%}
    {{ reason_coded("'" ~ code ~ "'", count, of_count, amount, date, subject, words) }}
{%- endmacro %}

{# The same for a code that a column holds. #}
{% macro reason_coded(code, count=none, of_count=none, amount=none, date=none, subject=none, words=none) -%}
    cast(row({{ code }}, {{ count or 'null' }}, {{ of_count or 'null' }}, {{ amount or 'null' }}, {{ date or 'null' }}, {{ subject or 'null' }}, {{ words or 'null' }}) as {{ reason_type() }})
{%- endmacro %}

{# A reason that holds in a case only. #}
{% macro reason_when(condition, code, count=none, of_count=none, amount=none, date=none, subject=none, words=none) -%}
    case when {{ condition }} then {{ reason(code, count, of_count, amount, date, subject, words) }} end
{%- endmacro %}

{# A list of reasons, from expressions of which some give none. #}
{% macro reason_list(reasons) -%}
    {%- if reasons -%}
    list_filter([{{ reasons | join(', ') }}], lambda reason: reason is not null)
    {%- else -%}
    cast([] as {{ reason_type() }}[])
    {%- endif -%}
{%- endmacro %}

{# Two lists as one; none counts as empty. #}
{% macro reasons_joined(first, second) -%}list_concat({{ first }}, {{ second }}){%- endmacro %}

{# The reasons of a group's rows as one list. #}
{% macro reasons_gathered(reason) -%}list({{ reason }} order by {{ reason }}.code, {{ reason }}.subject){%- endmacro %}

{# One row per reason of a relation's rows: `keys`, and the reason's parts as columns. Rows without a reason give none. #}
{% macro reason_rows(relation, keys) -%}
    select
        {{ keys | join(', ') }},
        reason.code as reason_code,
        reason."count" as reason_count,
        reason.of_count as reason_of_count,
        reason.amount as reason_amount,
        reason."date" as reason_date,
        reason.subject as reason_subject,
        reason.words as reason_words
    from (select {{ keys | join(', ') }}, unnest(reasons) as reason from {{ relation }} where len(reasons) > 0) as told
{%- endmacro %}

{# An amount within a sentence: two decimals, as the warehouse writes them. #}
{% macro money_text(amount) -%}cast(cast({{ amount }} as decimal(18, 2)) as varchar){%- endmacro %}

{#
The sentence of a reason: its text with its figures, given per placeholder. A word beside a count is chosen by it: `{count:invoice|invoices}` (one and other of
CLDR's plural rules, which are 1 and the rest for whole numbers of both languages).
#}
{% macro reason_sentence(text, figures) -%}
    {%- set told = namespace(sql=text) -%}
    {%- for placeholder, figure in figures.items() -%}
        {%- if placeholder in ('count', 'of_count') -%}
            {%- set told.sql = word_by_count(told.sql, placeholder, figure) -%}
        {%- endif -%}
        {%- set told.sql = "replace(" ~ told.sql ~ ", '{" ~ placeholder ~ "}', coalesce(" ~ figure ~ ", ''))" -%}
    {%- endfor -%}
    {{ told.sql }}
{%- endmacro %}

{% macro word_by_count(text, placeholder, figure) -%}
    {{ return("regexp_replace(" ~ text ~ ", '\\{" ~ placeholder ~ ":([^|}]*)\\|([^}]*)\\}', case when " ~ figure ~ " = '1' then '\\1' else '\\2' end, 'g')") }}
{%- endmacro %}
