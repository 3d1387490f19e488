{#
When each fact of `seeds/action_facts.csv` holds for a row of `customer_360` (`customers`; the fact's threshold is `facts.threshold`), what is
at stake then in euros, and the figures that its words in `kpi_reasons` name: amount (the stake, where none is given), of_amount, count,
of_count and date.
#}
{% macro action_facts() -%}
    {%- set costs = '(customers.gross_margin_amount - customers.value_amount)' %}
    {{ return({
        'insolvent': {'when': 'customers.is_insolvent', 'stake': 'customers.receivables_amount', 'of_amount': 'customers.written_off_amount'},
        'blocked': {'when': 'customers.is_blocked', 'stake': 'customers.exposure_amount'},
        'ended': {'when': 'customers.ended_date is not null', 'stake': 'customers.receivables_amount', 'date': 'customers.ended_date'},
        'written_off': {'when': 'customers.recent_loss_amount > 0', 'stake': 'customers.recent_loss_amount', 'count': 'facts.threshold'},
        'refused': {
            'when': 'customers.credit_refused_date is not null', 'stake': 'customers.credit_refused_amount', 'date': 'customers.credit_refused_date'
        },
        'over_limit': {
            'when': 'customers.exposure_amount > (1 + facts.threshold) * customers.credit_limit_amount',
            'stake': 'customers.exposure_amount - customers.credit_limit_amount',
            'amount': 'customers.exposure_amount', 'of_amount': 'customers.credit_limit_amount'
        },
        'silent': {
            'when': 'customers.is_silent and customers.value_amount > 0', 'stake': 'customers.value_amount',
            'count': 'round(customers.median_interval_days)', 'of_count': 'customers.silent_days'
        },
        'lost_brought': {
            'when': 'not customers.is_active and customers.value_year_before_amount > 0', 'stake': 'customers.value_year_before_amount'
        },
        'cost_unknown': {
            'when': 'customers.is_active and customers.is_sign_unknown', 'stake': 'customers.value_high_amount - customers.value_low_amount',
            'amount': 'customers.value_low_amount', 'of_amount': 'customers.value_high_amount'
        },
        'falling': {
            'when': 'customers.is_active and customers.value_amount > 0
                and customers.value_amount < (1 - facts.threshold) * customers.value_year_before_amount',
            'stake': 'customers.value_year_before_amount - customers.value_amount',
            'amount': 'customers.value_year_before_amount', 'of_amount': 'customers.value_amount'
        },
        'repair_term_passed': {
            'when': 'customers.is_active and customers.value_amount < 0 and customers.value_year_before_amount < 0', 'stake': '-customers.value_amount',
            'amount': 'customers.value_amount', 'of_amount': 'customers.value_year_before_amount'
        },
        'thin_margin': {
            'when': 'customers.is_active and customers.value_amount < 0 and customers.gross_margin_amount <= 0', 'stake': '-customers.value_amount',
            'amount': 'customers.gross_margin_amount', 'of_amount': 'customers.trailing_net_revenue_amount'
        },
        'dear_to_finance': {
            'when': 'customers.is_active and customers.value_amount < 0 and customers.risk_cost_amount > customers.cost_to_serve_amount',
            'stake': '-customers.value_amount', 'amount': costs, 'of_amount': 'customers.gross_margin_amount'
        },
        'dear_to_serve': {
            'when': 'customers.is_active and customers.value_amount < 0', 'stake': '-customers.value_amount',
            'amount': costs, 'of_amount': 'customers.gross_margin_amount'
        },
        'debtor_risk': {
            'when': "customers.is_active and customers.debtor_risk_class = 'high' and customers.receivables_amount > 0",
            'stake': 'customers.receivables_amount', 'amount': 'customers.overdue_amount', 'of_amount': 'customers.receivables_amount'
        },
        'can_grow': {
            'when': "customers.is_active and customers.debtor_risk_class <> 'high' and customers.value_tier in ('A', 'B')
                and customers.white_space_amount > 0",
            'stake': 'customers.white_space_amount', 'count': 'customers.white_space_count'
        },
        'keeps': {'when': 'customers.is_active and customers.value_amount > 0', 'stake': 'customers.value_amount'},
    }) }}
{%- endmacro %}

{#
What decides on the terms of an open deal, the first that holds: code in `kpi_reasons`, condition, advice, and the expressions of its amount,
of_amount, count and date.
#}
{% macro terms_facts() -%}
    {{ return([
        ('terms_insolvent', 'is_insolvent', 'prepayment only', 'written_off_amount', none, none, none),
        ('terms_blocked', 'is_blocked', 'no order before the block is lifted', none, none, none, none),
        ('terms_ended', 'ended_date is not null', 'prepayment only', none, none, none, 'ended_date'),
        ('terms_refused', "credit_outcome = 'refuse'", 'not on account: prepayment only', 'credit_requested_amount', none, none, 'credit_decided_date'),
        ('terms_above_limit', 'exposure_amount + amount > credit_limit_amount', 'a higher limit, cover or prepayment first',
         'exposure_amount + amount', 'credit_limit_amount', none, none),
        ('terms_cover_stopped', 'stopped_from_date is not null', 'overdue paid first: new deliveries are not insured', none, none, none, 'stopped_from_date'),
        ('terms_no_cover', 'not is_covered and default_probability_share >= 0.02', 'prepayment or insurance first', 'amount', none, none, none),
        ('terms_overdue', 'long_overdue_amount >= 0.01 * amount', 'overdue paid first', 'long_overdue_amount', none, none, none),
        ('terms_on_conditions', "credit_outcome = 'accept_on_terms'", 'the terms that credit decided', 'credit_requested_amount', none, none, 'credit_decided_date'),
        ('terms_cannot_pay', 'default_probability_share >= cannot_pay_probability_share', 'prepayment or insurance first', 'expected_loss_amount', none, none, none),
        ('terms_risky', 'default_probability_share >= 0.02', 'part deliveries, each paid before the next', 'expected_loss_amount', none, none, none),
        ('terms_pays_late', 'late_days > 30', 'shorter terms and a call before the due date', none, none, 'late_days', none),
        ('terms_unrated', 'default_probability_share is null', 'ask a credit report before terms', none, none, none, none),
        ('terms_long', 'default_probability_share >= 0.008 and terms_days > 30', 'terms of 30 days at most', 'expected_loss_amount', none, 'terms_days', none),
        ('terms_as_asked', 'true', 'terms as asked', 'expected_loss_amount', none, none, none),
    ]) }}
{%- endmacro %}

{# Whether a delivered reason for a lost deal names the terms of payment, in the words of the catalogue's languages. #}
{% macro says_terms(reason) -%}
    coalesce(regexp_matches(lower({{ reason }}), 'terms|payment condition|betaal(termijn|voorwaarde|conditie)|betalings'), false)
{%- endmacro %}
