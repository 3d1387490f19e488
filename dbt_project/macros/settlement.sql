{# Kinds of application that move money; the others settle without it. #}
{% macro cash_kinds() -%}('cash', 'reversal', 'refund', 'prepayment'){%- endmacro %}

{# What lowers receivables without cash and without a credit of ours. #}
{% macro uncollected_events() -%}
    ('written_off', 'discount_taken', 'fx_booked', 'withheld', 'set_off', 'bank_charged', 'rounded', 'prepaid')
{%- endmacro %}

{# How much of `amount` lies in the stretch of a line that begins at `start`: nothing before it, at most `length`. #}
{% macro part_within(amount, start, length) -%}greatest(least({{ amount }} - ({{ start }}), {{ length }}), 0){%- endmacro %}

{# One row where settlement is delivered, by allocations or by open items: without it no receivable may be computed at all. #}
{% macro settlement_coverage() -%}
    select distinct true as is_delivered
    from {{ ref('stg_company__entity_coverage') }}
    where entity in ('payment_allocations', 'open_items') and is_delivered
{%- endmacro %}
