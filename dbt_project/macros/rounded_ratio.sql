{#
numerator / denominator in cents, half up toward plus infinity, and exact although the engine divides doubles: the estimate
is put right by a multiplication of decimals. Both sides are exact decimals, the denominator above zero. A numerator that is a
product is given as its two factors: of these the estimate is made, since a decimal of more than 53 bits becomes a double by a
division of 128 bits (640 ns a row beside 30).
#}
{% macro rounded_ratio(numerator, denominator) -%}
    {%- set factors = [numerator] if numerator is string else numerator -%}
    {%- set dividend = '(200 * (' ~ factors | join(' * ') ~ ') + cast(' ~ denominator ~ ' as decimal(38, 4)))' -%}
    {%- set twice = '(2 * cast(' ~ denominator ~ ' as decimal(38, 4)))' -%}
    {%- set divided -%}
        {%- if numerator is string -%}
            cast({{ dividend }} as double)
        {%- else -%}
            (200 * {% for factor in factors %}cast({{ factor }} as double){{ ' * ' if not loop.last }}{% endfor %} + cast({{ denominator }} as double))
        {%- endif -%}
    {%- endset -%}
    {%- set estimate = 'cast(floor(' ~ divided ~ ' / cast(' ~ twice ~ ' as double)) as decimal(26, 0))' -%}
    cast((
        {{ estimate }}
        + case
            when {{ estimate }} * {{ twice }} > {{ dividend }} then -1
            when ({{ estimate }} + 1) * {{ twice }} <= {{ dividend }} then 1
            else 0
        end
    ) * 0.01 as decimal(18, 4))
{%- endmacro %}

{#
What of an amount falls to the part of a whole that lies from `before` to `until`, in cents: parts round on the cumulative, so that those of one whole are the
amount together.
#}
{% macro rounded_part(amount, before, until, whole) -%}
    cast({{ rounded_ratio([amount, until], whole) }} - {{ rounded_ratio([amount, before], whole) }} as decimal(18, 4))
{%- endmacro %}
