{# What happens to receivables in a month. #}
{% macro receivable_flows() -%}
    {{ return(['collected_amount', 'collected_amount_days', 'written_off_amount', 'uncollected_amount', 'recovered_amount']) }}
{%- endmacro %}

{#
The measures of receivables that are summed per scope, by the relation that they come from: balances at a month end (ageing), what was
sold in the month (sales), what happened to it (flows). Beside each stands `held_out_` what is held out of it.
#}
{% macro receivable_measures() -%}
    {%- set ageing, flows = ['unvalued_count'], [] -%}
    {%- for balance in ['receivables', 'overdue'] + ageing_buckets() -%}
        {%- do ageing.extend([balance ~ '_amount', 'held_out_' ~ balance ~ '_amount']) -%}
    {%- endfor -%}
    {%- for flow in receivable_flows() -%}
        {%- do flows.extend([flow, 'held_out_' ~ flow]) -%}
    {%- endfor -%}
    {%- set sales = ['credit_sales_gross_amount', 'held_out_credit_sales_gross_amount', 'unvalued_document_count'] -%}
    {{ return({'ageing': ageing, 'sales': sales, 'flows': flows}) }}
{%- endmacro %}
