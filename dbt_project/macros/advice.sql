{#
When each fact of `seeds/action_facts.csv` holds for a row of `customer_360` (`customers`; the fact's threshold is `facts.threshold`), what is
at stake then in euros, and the figures that its words in `kpi_reasons` name: amount (the stake, where none is given), of_amount, count,
of_count and date.
#}
{% macro action_facts() -%}
    {%- set best_year = best_year_value() %}
    {%- set costs = '(customers.gross_margin_amount - customers.value_amount)' %}
    {%- set lost = 'case when customers.is_active or customers.exposure_amount > 0 then customers.recent_loss_amount else 0 end' %}
    {{ return({
        'insolvent': {'when': 'customers.is_insolvent', 'stake': 'customers.receivables_amount', 'of_amount': 'customers.written_off_amount'},
        'blocked': {'when': 'customers.is_blocked', 'stake': 'customers.exposure_amount'},
        'ended': {'when': 'customers.ended_date is not null', 'stake': 'customers.receivables_amount', 'date': 'customers.ended_date'},
        'written_off': {
            'when': 'customers.recent_loss_amount > greatest(coalesce(customers.value_amount, 0), 0)', 'stake': lost,
            'of_amount': 'customers.value_amount', 'count': 'facts.threshold'
        },
        'lost_in_part': {
            'when': 'customers.recent_loss_amount > 0', 'stake': lost,
            'of_amount': 'customers.value_amount', 'count': 'facts.threshold'
        },
        'refused': {
            'when': 'customers.credit_refused_date is not null', 'stake': 'customers.credit_refused_amount', 'date': 'customers.credit_refused_date'
        },
        'over_limit': {
            'when': 'customers.exposure_amount > (1 + facts.threshold) * customers.credit_limit_amount',
            'stake': 'customers.exposure_amount - customers.credit_limit_amount',
            'amount': 'customers.exposure_amount', 'of_amount': 'customers.credit_limit_amount'
        },
        'silent': {
            'when': 'customers.is_silent', 'stake': "case when customers.best_year_tier in ('A', 'B') then " ~ silent_value() ~ " else 0 end",
            'count': 'round(customers.median_interval_days)', 'of_count': 'customers.silent_days'
        },
        'lost_brought': {
            'when': "not customers.is_active and coalesce(customers.season_pause_days, 0) < customers.silent_days and coalesce(customers.prudent_value_amount, 0) >= 0 and " ~ best_year ~ " > 0
                and (customers.best_year_tier = 'A' or customers.best_year_tier = 'B' and customers.purchase_count >= facts.threshold)",
            'stake': best_year
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
            'when': 'customers.is_active and customers.value_amount < 0 and customers.gross_margin_amount <= 0
                and customers.trailing_net_revenue_amount > 0', 'stake': '-customers.value_amount',
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

{% macro best_year_value() -%}greatest(customers.value_amount, coalesce(customers.value_year_before_amount, 0)){%- endmacro %}

{# What may be lost with a silent customer that earns: the better of its last two years, as with one that is lost. #}
{% macro silent_value() -%}case when customers.value_amount < 0 then customers.value_amount else {{ best_year_value() }} end{%- endmacro %}

{# The same for the terms of an open deal (`deals`); no amount is the stake there. #}
{% macro terms_facts() -%}
    {%- set risk = 'deals.default_probability_share >= facts.threshold' %}
    {%- set loss = 'deals.expected_loss_amount' %}
    {%- set decided = {'amount': 'deals.credit_requested_amount', 'date': 'deals.credit_decided_date'} %}
    {{ return({
        'terms_insolvent': {'when': 'deals.is_insolvent', 'amount': 'deals.written_off_amount'},
        'terms_blocked': {'when': 'deals.is_blocked'},
        'terms_ended': {'when': 'deals.ended_date is not null', 'date': 'deals.ended_date'},
        'terms_refused': dict(decided, when="deals.credit_outcome = 'refuse'"),
        'terms_above_limit': {
            'when': 'deals.exposure_amount + deals.amount > (1 + facts.threshold) * deals.credit_limit_amount',
            'amount': 'deals.exposure_amount + deals.amount', 'of_amount': 'deals.credit_limit_amount'
        },
        'terms_cover_stopped': {'when': 'deals.stopped_from_date is not null', 'date': 'deals.stopped_from_date'},
        'terms_no_cover': {'when': 'not deals.is_covered and ' ~ risk, 'amount': 'deals.amount'},
        'terms_overdue': {'when': 'deals.long_overdue_amount >= facts.threshold * deals.amount', 'amount': 'deals.long_overdue_amount'},
        'terms_on_conditions': dict(decided, when="deals.credit_outcome = 'accept_on_terms'"),
        'terms_cannot_pay': {'when': 'deals.default_probability_share >= deals.cannot_pay_probability_share', 'amount': loss},
        'terms_risky': {'when': risk, 'amount': loss},
        'terms_pays_late': {'when': 'deals.late_days > facts.threshold', 'count': 'deals.late_days'},
        'terms_unrated': {'when': 'deals.default_probability_share is null'},
        'terms_long': {'when': risk ~ ' and deals.terms_days > 30', 'amount': loss, 'count': 'deals.terms_days'},
        'terms_as_asked': {'when': 'true', 'amount': loss},
    }) }}
{%- endmacro %}

{#
The rows of `relation` with the facts of the seed `facts` that hold for them, those of `decides_on` where the seed decides on several
things: the fact with what it `gives`, the figures that its words name, and `holding_rank` among those of one `key`; the first decides.
#}
{% macro facts_holding(relation, key, told, facts, gives, decides_on=none, with_stake=false) -%}
    {%- set figures = {'amount': 'decimal(18, 4)', 'of_amount': 'decimal(18, 4)', 'count': 'bigint', 'of_count': 'bigint', 'date': 'date'} %}
    select
        {{ relation }}.*,
        facts.fact,
        {%- for column in gives %}
        facts.{{ column }},
        {%- endfor %}
        row_number() over (partition by {{ relation }}.{{ key }} order by facts.fact_rank) as holding_rank
        {%- if with_stake %},
        cast(case facts.fact
            {%- for fact, figures_told in told.items() %}
            when '{{ fact }}' then {{ figures_told.stake }}
            {%- endfor %}
        end as decimal(18, 4)) as at_stake_amount
        {%- endif %}
        {%- for figure, type in figures.items() %},
        cast(case
            {%- for fact, figures_told in told.items() %}
            {%- set expression = figures_told[figure] or (figures_told.stake if figure == 'amount') %}
            {%- if expression %}
            when facts.fact = '{{ fact }}' then {{ expression }}
            {%- endif %}
            {%- endfor %}
            when false then null
        end as {{ type }}) as reason_{{ figure }}
        {%- endfor %}
    from {{ relation }}
    cross join {{ ref(facts) }} as facts
    where
        {%- if decides_on %}
        facts.decides_on = '{{ decides_on }}' and
        {%- endif %}
        case facts.fact
            {%- for fact, figures_told in told.items() %}
            when '{{ fact }}' then {{ figures_told.when }}
            {%- endfor %}
        end
{%- endmacro %}

{# The figures that the words of a fact name, as texts of a row of `relation` that `facts_holding` made. #}
{% macro facts_told(relation) -%}
    {{ return({
        'amount': money_text(relation ~ '.reason_amount'), 'of_amount': money_text(relation ~ '.reason_of_amount'),
        'count': 'cast(' ~ relation ~ '.reason_count as varchar)', 'of_count': 'cast(' ~ relation ~ '.reason_of_count as varchar)',
        'date': 'cast(' ~ relation ~ '.reason_date as varchar)',
    }) }}
{%- endmacro %}

{# Whether a delivered reason for a lost deal names the terms of payment, in the words of the catalogue's languages. #}
{% macro says_terms(reason) -%}
    coalesce(regexp_matches(lower({{ reason }}), 'terms|payment condition|betaal(termijn|voorwaarde|conditie)|betalings'), false)
{%- endmacro %}
