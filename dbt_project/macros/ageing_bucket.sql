{#
The bucket of an open item on a day. Due today is not overdue; what we owe the customer stands in buckets of its own, also on an invoice that was
paid too much (`balance` below zero).
#}
{% macro ageing_bucket(item_class, due_date, day, balance='0') -%}
    case
        when {{ item_class }} = 'payment' then 'unapplied_cash'
        when {{ item_class }} <> 'invoice' or {{ balance }} < 0 then 'unapplied_credit'
        when {{ due_date }} is null then 'no_due_date'
        when {{ due_date }} >= {{ day }} then 'not_due'
        when {{ days_between(due_date, day) }} <= 30 then 'overdue_1_30'
        when {{ days_between(due_date, day) }} <= 60 then 'overdue_31_60'
        when {{ days_between(due_date, day) }} <= 90 then 'overdue_61_90'
        when {{ days_between(due_date, day) }} <= 120 then 'overdue_91_120'
        else 'overdue_over_120'
    end
{%- endmacro %}

{# All buckets, in the order of their age; those of what we owe the customer last. #}
{% macro ageing_buckets() -%}
    {{ return([
        'not_due', 'overdue_1_30', 'overdue_31_60', 'overdue_61_90', 'overdue_91_120', 'overdue_over_120', 'no_due_date', 'unapplied_credit', 'unapplied_cash'
    ]) }}
{%- endmacro %}
