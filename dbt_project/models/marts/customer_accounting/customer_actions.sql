-- The first fact that holds, in the order of action_facts, decides; the reason names it with the figures it was judged by. An advice
-- with nothing at stake is none: such a customer has no row.
{%- set facts = action_facts() %}
with customers as (
    select * from {{ ref('customer_360') }}
),

facts as (
    select * from {{ ref('action_facts') }}
),

texts as (
    select * from {{ ref('kpi_reasons') }}
),

holding as (
    select
        customers.*,
        facts.fact_rank,
        facts.fact,
        facts.action,
        facts.what_to_repair,
        facts.by_department,
        {%- for figure, type in [('stake', 'decimal(18, 4)'), ('amount', 'decimal(18, 4)'), ('of_amount', 'decimal(18, 4)'), ('count', 'bigint'), ('of_count', 'bigint'), ('date', 'date')] %}
        cast(case facts.fact
            {%- for fact, told in facts.items() if told[figure] or figure == 'amount' %}
            when '{{ fact }}' then {{ told[figure] or told['stake'] }}
            {%- endfor %}
        end as {{ type }}) as {{ 'at_stake_amount' if figure == 'stake' else 'reason_' ~ figure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from customers
    cross join facts
    where
        case facts.fact
            {%- for fact, told in facts.items() %}
            when '{{ fact }}' then {{ told['when'] }}
            {%- endfor %}
        end
),

decided as (
    select
        *,
        row_number() over (partition by customer_id order by fact_rank) as holding_rank
    from holding
)

{%- set figures = {
    'amount': money_text('decided.reason_amount'), 'of_amount': money_text('decided.reason_of_amount'),
    'count': 'cast(decided.reason_count as varchar)', 'of_count': 'cast(decided.reason_of_count as varchar)',
    'date': 'cast(decided.reason_date as varchar)', 'tier': 'decided.value_tier', 'risk': 'decided.debtor_risk_class',
    'ground': 'decided.debtor_risk_reason',
} %}

select
    decided.customer_id,
    decided.report_date,
    decided.action,
    decided.what_to_repair,
    decided.by_department,
    decided.account_owner_id,
    {{ reason_sentence('texts.text_en', figures) }} as reason,
    decided.fact as reason_code,
    decided.reason_amount,
    decided.reason_of_amount,
    decided.reason_count,
    decided.reason_of_count,
    decided.reason_date,
    decided.value_tier,
    decided.debtor_risk_class,
    decided.debtor_risk_reason,
    decided.at_stake_amount
from decided
inner join texts on decided.fact = texts.reason_code
where decided.holding_rank = 1 and decided.at_stake_amount > 0
