{#
Lever -> the KPIs that it is worth by, the one that it moves first. Its figures stand for a month where `levers_of_a_month` names the KPI, and else for
the twelve months up to it.
#}
{% macro levers() -%}
    {%- set margin = ['net_revenue', 'customer_result'] %}
    {{ return({
        'dso_terms_granted': ['dso_terms_granted', 'credit_sales'],
        'dso_late_payment': ['dso_late_payment', 'credit_sales'],
        'dso_own_errors': ['dso_own_errors', 'credit_sales'],
        'first_time_right': ['first_time_right', 'credit_note_leakage_amount'],
        'write_off_rate': ['write_off_rate'],
        'retention_a': ['profit_weighted_retention'],
        'retention_b': ['profit_weighted_retention'],
        'retention_c': ['profit_weighted_retention'],
        'win_rate': ['win_rate', 'won_amount'] + margin,
        'discount': ['net_revenue'],
        'cost_to_serve_tail': ['cost_to_serve'],
        'stale_lead': ['waiting_lead_amount', 'waiting_lead_count'] + margin,
        'forecast_error': ['forecast_accuracy_wape'],
    }) }}
{%- endmacro %}

{% macro levers_of_a_month() -%}
    {{ return([
        'dso_terms_granted', 'dso_late_payment', 'dso_own_errors', 'profit_weighted_retention', 'waiting_lead_amount', 'waiting_lead_count'
    ]) }}
{%- endmacro %}
