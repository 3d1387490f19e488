{# Whether an order came in without anybody typing it, by the delivered name of its channel. #}
{% macro is_electronic(channel) -%}
    regexp_matches(lower({{ channel }}), '\b(edi|api|peppol|punchout)\b|electron|elektron|web|online|portal')
{%- endmacro %}

{# The account that each customer's stands for: the one that it was merged into, or itself. #}
{% macro survivors(customers) -%}
    select
        customer_id,
        coalesce(merged_into_customer_id, customer_id) as survivor_id
    from {{ customers }}
{%- endmacro %}

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

{#
What of a month's customer base is known and settled: flags of a relation that is joined with `observed` (int_base_observed_monthly)
and `parameters`, with its counts of recent losses and of new customers that may have bought before.
#}
{% macro base_flags(relation, provisional_count, left_censored_count) -%}
    coalesce(observed.are_losses_known, false) as are_losses_known,
    coalesce(observed.are_trailing_known, false) as are_trailing_known,
    observed.losses_known_from_month,
    observed.trailing_known_from_month,
    coalesce(observed.are_purchases_settled, false) as are_purchases_settled,
    parameters.purchase_reversal_days,
    {{ relation }}.is_complete and coalesce(observed.are_purchases_settled, false) as is_settled,
    {{ relation }}.is_complete and coalesce(observed.are_purchases_settled and observed.are_losses_known, false) as is_base_complete,
    {{ relation }}.is_complete and coalesce(observed.are_purchases_settled, false) and {{ provisional_count }} = 0 as is_churn_complete,
    {{ relation }}.is_complete and coalesce(observed.are_purchases_settled, false) and {{ left_censored_count }} = 0 as is_new_complete
{%- endmacro %}

{# The reasons that go with these flags, per figure. #}
{% macro base_reasons() -%}
    {%- set unsettled = reason_when('not are_purchases_settled', 'recent_purchases', count='purchase_reversal_days') -%}
    {%- set unsettled_losses = reason_when('are_losses_known and not are_purchases_settled', 'recent_purchases', count='purchase_reversal_days') -%}
    {%- set unknown = reason_when('not are_losses_known', 'losses_not_observed', date='losses_known_from_month') -%}
    {%- set unseen = reason_when('not are_losses_known', 'customers_not_all_seen') -%}
    {%- set recent = reason_when('are_losses_known and provisional_churned_count > 0', 'recent_losses', count='provisional_churned_count') -%}
    {%- set censored = reason_when('left_censored_new_count > 0', 'left_censored', count='left_censored_new_count') -%}
    {{ return({
        'active': [unsettled, unseen], 'new': [unsettled, censored], 'reactivated': [unknown, unsettled_losses], 'churned': [unknown, unsettled_losses, recent]
    }) }}
{%- endmacro %}
