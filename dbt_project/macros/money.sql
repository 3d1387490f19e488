{#
Half up toward plus infinity, in cents: floor(x * 100 + 0.5), the rounding of EN 16931. The engine's `round` differs on
negative halves (-0.125 gives -0.13, here -0.12), and a division would turn the decimal into a double.
#}
{% macro rounded_half_up(amount) -%}
    cast(cast(floor(({{ amount }}) * 100 + 0.5) as decimal(24, 0)) * 0.01 as decimal(18, 4))
{%- endmacro %}

{#
A document amount in the reporting currency. At rate 1 it keeps every decimal it came with: three are in use.
The first factor is widened because decimal(18, x) * decimal(18, x) overflows at a million.
#}
{% macro converted(amount, rate) -%}
    case
        when {{ rate }} = 1 then cast({{ amount }} as decimal(18, 4))
        else {{ rounded_half_up('cast(' ~ amount ~ ' as decimal(38, 4)) * ' ~ rate) }}
    end
{%- endmacro %}

{# The sum of money in a mart: exact, and of a type that every reader knows. #}
{% macro money_sum(amount) -%}cast(coalesce(sum({{ amount }}), 0) as decimal(18, 4)){%- endmacro %}

{# A ratio to six decimals; NULL where the denominator is zero or negative: never an error, never 0. #}
{% macro safe_share(numerator, denominator) -%}
    case
        when {{ denominator }} > 0
            then cast(round(cast({{ numerator }} as double) / nullif(cast({{ denominator }} as double), 0), 6) as decimal(38, 6))
    end
{%- endmacro %}

{#
A part of a document in the reporting currency, rounded on the cumulative: the parts of a whole then sum to the whole's
own amount, and an invoice that is paid in three parts closes to the cent.
#}
{% macro converted_cumulatively(amount, rate, partition_by, order_by) -%}
    {%- set cumulative -%}
        sum({{ amount }}) over (
            partition by {{ partition_by }} order by {{ order_by }} rows between unbounded preceding and current row
        )
    {%- endset -%}
    cast(
        {{ converted(cumulative, rate) }}
        - {{ converted('(' ~ cumulative ~ ' - ' ~ amount ~ ')', rate) }}
        as decimal(18, 4)
    )
{%- endmacro %}

{# What one unit costs of a price that is for several (BT-149): a factor, so that money is multiplied and never divided. #}
{% macro per_unit(base_quantity) -%}
    cast(1.0 / nullif(cast({{ base_quantity }} as double), 0) as decimal(18, 12))
{%- endmacro %}

{#
A product to ten places, half away from zero as a cast is: quantity x price, or a price less its discount. The engine brings a decimal
of more than 18 digits to fewer places by a division of 128 bits, 1,700 ns a row beside 80 for a product that has ten from the start:
of a factor that needs no more than `places`, which with those of the other make ten. Any other product is `cast(factor as wide) * other`.
#}
{% macro product_to_ten_places(factor, other, places, wide='decimal(38, 4)') -%}
    case
        when cast({{ factor }} as decimal(18, {{ places }})) = {{ factor }}
            then cast(cast(cast({{ factor }} as decimal(18, {{ places }})) as decimal(30, {{ places }})) * {{ other }} as decimal(28, 10))
        else cast(cast({{ factor }} as {{ wide }}) * {{ other }} as decimal(28, 10))
    end
{%- endmacro %}

{# A price, whose places are eight, times a quantity, for `base_quantity` of which it stands. #}
{% macro priced(quantity, price, base_quantity) -%}
    case
        when {{ base_quantity }} = 1 then {{ product_to_ten_places(quantity, price, 2) }}
        else cast(cast({{ quantity }} as decimal(38, 4)) * {{ price }} * {{ per_unit(base_quantity) }} as decimal(28, 10))
    end
{%- endmacro %}

{#
What a price may differ by: a company's tolerance, which is meant for prices in cents. Of a price below one it is at most a twentieth, and where
one of both has more places than cents, half of the last place of the one that was invoiced, which is what it may be rounded by.
#}
{% macro price_tolerance(tolerance, price, invoiced) -%}
    cast(case
        when {{ price }} >= 1 then {{ tolerance }}
        when cast({{ price }} as decimal(18, 2)) = {{ price }} and cast({{ invoiced }} as decimal(18, 2)) = {{ invoiced }} then least({{ tolerance }}, 0.05 * {{ price }})
        else least({{ tolerance }}, 0.05 * {{ price }}, case
            when cast({{ invoiced }} as decimal(18, 2)) = {{ invoiced }} then 0.005
            when cast({{ invoiced }} as decimal(18, 3)) = {{ invoiced }} then 0.0005
            when cast({{ invoiced }} as decimal(18, 4)) = {{ invoiced }} then 0.00005
            else 0.000005
        end)
    end as decimal(18, 8))
{%- endmacro %}
