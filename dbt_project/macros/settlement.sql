{# Kinds of application that move money; the others settle without it. #}
{% macro cash_kinds() -%}('cash', 'reversal', 'refund', 'prepayment'){%- endmacro %}

{# What lowers receivables without cash and without a credit of ours. #}
{% macro uncollected_events() -%}
    ('written_off', 'discount_taken', 'fx_booked', 'withheld', 'set_off', 'bank_charged', 'rounded', 'prepaid')
{%- endmacro %}

{# How much of `amount` lies in the stretch of a line that begins at `start`: nothing before it, at most `length`. #}
{% macro part_within(amount, start, length) -%}greatest(least({{ amount }} - ({{ start }}), {{ length }}), 0){%- endmacro %}

{# One row where settlement is known, by allocations, open items or the statements of banks: without it no receivable may be computed at all. #}
{% macro settlement_coverage() -%}
    select distinct true as is_delivered
    from {{ ref('stg_company__entity_coverage') }}
    where entity in ('payment_allocations', 'open_items', 'bank_transactions') and is_delivered
{%- endmacro %}

{# The rest of a document or payment that closes as rounding: cents, once something was applied. `parameters` is in reach. #}
{% macro rest_of_cents(owed, applied) -%}
case
    when abs({{ owed }} - {{ applied }}) <= parameters.settlement_tolerance_amount and {{ applied }} <> 0 then {{ owed }} - {{ applied }}
    else 0
end
{%- endmacro %}

{# Of an amount on a prepayment invoice of `whole` what a final invoice deducts, from `from_amount` to `to_amount` of it: the parts sum to the amount. #}
{% macro part_of_prepayment(amount, whole) -%}
case
    when from_amount = 0 and to_amount = {{ whole }} then {{ amount }}
    else {{ rounded_part('cast(' ~ amount ~ ' as decimal(18, 4))', 'cast(from_amount as decimal(18, 4))', 'cast(to_amount as decimal(18, 4))', whole) }}
end
{%- endmacro %}
