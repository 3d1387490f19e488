{#
numerator / denominator in cents, half up toward plus infinity, and exact although the engine divides doubles: the estimate
is put right by a multiplication of decimals. Both sides are exact decimals, the denominator above zero.
#}
{% macro rounded_ratio(numerator, denominator) -%}
    {%- set twice = '(2 * cast(' ~ denominator ~ ' as decimal(38, 4)))' -%}
    {%- set dividend = '(200 * (' ~ numerator ~ ') + cast(' ~ denominator ~ ' as decimal(38, 4)))' -%}
    {%- set estimate = 'cast(floor(cast(' ~ dividend ~ ' as double) / cast(' ~ twice ~ ' as double)) as decimal(26, 0))' -%}
    cast((
        {{ estimate }}
        + case
            when {{ estimate }} * {{ twice }} > {{ dividend }} then -1
            when ({{ estimate }} + 1) * {{ twice }} <= {{ dividend }} then 1
            else 0
        end
    ) * 0.01 as decimal(18, 4))
{%- endmacro %}
