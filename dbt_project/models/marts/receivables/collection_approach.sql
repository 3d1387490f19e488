-- How a customer with something overdue is approached: the first fact that holds, in the order of collection_approaches, says who calls, by what
-- channel, in which tone and what not to do; the reason names it with its figures. Without a fact and without a policy nothing is known.
{%- set facts = approach_facts() %}
{%- set steps = {
    'by_whom': "case customers.policy_department when 'sales' then 'salesperson' else 'finance' end", 'channel': 'customers.policy_channel',
    'tone': 'customers.policy_tone',
} %}
with customers as (
    select * from {{ ref('int_collection_facts') }}
),

facts as (
    select * from {{ ref('collection_approaches') }}
),

texts as (
    select * from {{ ref('kpi_reasons') }}
),

holding as (
    select
        customers.*,
        facts.fact_rank,
        facts.fact,
        {%- for name, step in steps.items() %}
        case when facts.{{ name }} = 'policy' then {{ step }} else facts.{{ name }} end as {{ name }},
        {%- endfor %}
        facts.not_to_do_en,
        facts.not_to_do_nl,
        {%- for figure, type in [('amount', 'decimal(18, 4)'), ('of_amount', 'decimal(18, 4)'), ('count', 'bigint'), ('of_count', 'bigint'), ('date', 'date')] %}
        cast(case facts.fact
            {%- for fact, told in facts.items() if told[figure] %}
            when '{{ fact }}' then {{ told[figure] }}
            {%- endfor %}
        end as {{ type }}) as reason_{{ figure }}{{ ',' if not loop.last }}
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
    'date': 'cast(decided.reason_date as varchar)',
} %}

select
    decided.customer_id,
    decided.report_date,
    decided.account_owner_id,
    case when decided.fact = 'approach_not_known' then 'not_available' else 'final' end as status,
    decided.by_whom,
    decided.channel,
    decided.tone,
    decided.not_to_do_en,
    decided.not_to_do_nl,
    {{ reason_sentence('texts.text_en', figures) }} as reason,
    decided.fact as reason_code,
    decided.reason_amount,
    decided.reason_of_amount,
    decided.reason_count,
    decided.reason_of_count,
    decided.reason_date,
    cast(decided.kept_promise_count as bigint) as kept_promise_count,
    cast(decided.broken_promise_count as bigint) as broken_promise_count,
    decided.dunning_level
from decided
inner join texts on decided.fact = texts.reason_code
where decided.holding_rank = 1
