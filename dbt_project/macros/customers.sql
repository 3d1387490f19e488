{# What became of a customer in a month, from activity alone: a row knows was_active, is_active, first_purchase_date and its month. #}
{% macro customer_state(relation) -%}
    case
        when {{ relation }}.is_active and {{ relation }}.was_active then 'retained'
        when {{ relation }}.was_active then 'churned'
        when {{ relation }}.is_active and {{ month_start(relation ~ '.first_purchase_date') }} = {{ relation }}.month_start_date then 'new'
        when {{ relation }}.is_active then 'reactivated'
        else 'dormant'
    end
{%- endmacro %}

{# A share of customers lost in a month, as a share of a year. Computed in floating point and rounded once: it is no money. #}
{% macro annualised_churn_share(churned, opening) -%}
    cast(round(1 - power(1 - cast({{ churned }} as double) / cast({{ opening }} as double), 12), 6) as decimal(38, 6))
{%- endmacro %}

{# What of the revenue at the opening is still there: each customer is capped at its opening, and nothing is less than nothing. #}
{% macro kept_revenue(closing, opening) -%}
    least(greatest({{ closing }}, 0), greatest({{ opening }}, 0))
{%- endmacro %}
