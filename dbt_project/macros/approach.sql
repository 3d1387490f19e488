{#
When each fact of `seeds/collection_approaches.csv` holds for a row of `int_collection_facts` (`customers`; the fact's threshold is
`facts.threshold`), and the figures that its words in `kpi_reasons` name: amount, of_amount, count, of_count and date.
#}
{% macro approach_facts() -%}
    {{ return({
        'approach_owed_answer': {
            'when': 'customers.our_error_amount > 0 or customers.open_dispute_count > 0 or customers.open_complaint_count > 0',
            'amount': 'customers.our_error_amount', 'count': 'customers.open_dispute_count', 'of_count': 'customers.open_complaint_count'
        },
        'approach_insolvent': {'when': 'customers.is_insolvent', 'amount': 'customers.overdue_amount'},
        'approach_promise_runs': {
            'when': 'customers.promised_date >= customers.report_date', 'amount': 'customers.overdue_amount', 'date': 'customers.promised_date'
        },
        'approach_promises_broken': {
            'when': 'customers.broken_promise_count >= facts.threshold', 'count': 'customers.broken_promise_count', 'of_count': 'customers.kept_promise_count'
        },
        'approach_cannot_pay': {
            'when': "customers.cause = 'cannot_pay'", 'amount': 'customers.cannot_pay_amount', 'of_amount': 'customers.overdue_amount'
        },
        'approach_trifle': {'when': 'customers.overdue_amount < facts.threshold', 'amount': 'customers.overdue_amount'},
        'approach_first_contact': {
            'when': 'customers.is_contact_known and customers.last_activity_date is null and customers.oldest_late_days > facts.threshold', 'count': 'customers.oldest_late_days'
        },
        'approach_loses_money': {
            'when': 'customers.value_amount < 0 and customers.average_late_days > facts.threshold',
            'amount': '-customers.value_amount', 'count': 'round(customers.average_late_days)'
        },
        'approach_strained': {
            'when': "customers.value_tier in ('A', 'B') and customers.strength_score < facts.threshold",
            'amount': 'customers.value_amount', 'count': 'round(customers.strength_score)'
        },
        'approach_valuable': {
            'when': "customers.value_tier in ('A', 'B') and customers.value_amount > 0 and coalesce(customers.broken_promise_count, 0) = 0
                and customers.oldest_late_days <= facts.threshold",
            'amount': 'customers.value_amount', 'count': 'customers.oldest_late_days'
        },
        'approach_policy': {'when': 'customers.is_step_due', 'count': 'customers.dunning_level', 'of_count': 'customers.after_days'},
        'approach_before_policy': {
            'when': 'customers.is_policy_delivered and not customers.is_step_due and customers.after_days is not null',
            'count': 'customers.after_days', 'of_count': 'customers.oldest_late_days'
        },
        'approach_not_known': {'when': 'true'},
    }) }}
{%- endmacro %}
