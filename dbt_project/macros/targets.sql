{#
Where a value stands against its target. Up, down: reached, or within a tenth of what is due; towards zero: its distance from zero is at
most the target; towards target: within a tenth of it. Once the last day has passed it is met or missed. All in whole days, never divided.
`due_days`: what is due by this day x the days of the quarter, so that a value is compared with days and not with a share of them.
#}
{% macro target_status(value, target, due_days, quarter_days, direction, is_over) -%}
    case
        when {{ target }} is null then 'replaced'
        when {{ value }} is null or {{ direction }} = 'none' then 'not known'
        when case {{ direction }}
            when 'up' then {{ value }} * {{ quarter_days }} >= {{ due_days }}
            when 'down' then {{ value }} * {{ quarter_days }} <= {{ due_days }}
            when 'towards_zero' then abs({{ value }}) <= abs({{ target }})
            else abs({{ value }} - {{ target }}) * 10 <= abs({{ target }})
        end then case when {{ is_over }} then 'met' else 'on course' end
        when {{ is_over }} then 'missed'
        when case {{ direction }}
            when 'up' then {{ value }} * {{ quarter_days }} * 10 >= {{ due_days }} * 9
            when 'down' then {{ value }} * {{ quarter_days }} * 10 <= {{ due_days }} * 11
            when 'towards_zero' then abs({{ value }}) * 10 <= abs({{ target }}) * 11
            else abs({{ value }} - {{ target }}) * 5 <= abs({{ target }})
        end then 'at risk'
        else 'off course'
    end
{%- endmacro %}

{#
Reached against a target; above 1 is better. A maximum that is kept is attained, and no tenfold: 491 of write-offs against at most 5,000 are 1 and
not 10.18. Empty where the direction says nothing about more and less.
#}
{% macro attained_share(value, target, direction) -%}
    case {{ direction }}
        when 'up' then {{ safe_share(value, target) }}
        when 'down' then case when {{ value }} <= {{ target }} then 1 else {{ safe_share(target, value) }} end
        when 'towards_zero' then case
            when abs({{ value }}) <= abs({{ target }}) then 1
            else {{ safe_share('abs(' ~ target ~ ')', 'abs(' ~ value ~ ')') }}
        end
        when 'towards_target' then {{ safe_share('least(' ~ value ~ ', ' ~ target ~ ')', 'greatest(' ~ value ~ ', ' ~ target ~ ')') }}
    end
{%- endmacro %}
