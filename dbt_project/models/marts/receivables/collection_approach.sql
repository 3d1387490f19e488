-- How a customer with something overdue is approached: the first fact that holds, in the order of collection_approaches, says who calls, by what
-- channel, in which tone and what not to do; the reason names it with its figures. Without a fact and without a policy nothing is known.
{%- set steps = {
    'by_whom': "case decided.policy_department when 'sales' then 'salesperson' else 'finance' end", 'channel': 'decided.policy_channel',
    'tone': 'decided.policy_tone',
} %}
with customers as (
    select * from {{ ref('int_collection_facts') }}
),

texts as (
    select * from {{ ref('kpi_reasons') }}
),

decided as (
    {{ facts_holding(
        'customers', 'customer_id', approach_facts(), 'collection_approaches', ['by_whom', 'channel', 'tone', 'not_to_do_en', 'not_to_do_nl']
    ) }}
)

select
    decided.customer_id,
    decided.report_date,
    decided.account_owner_id,
    case when decided.fact = 'approach_not_known' then 'not_available' else 'final' end as status,
    {%- for name, step in steps.items() %}
    case when decided.{{ name }} = 'policy' then {{ step }} else decided.{{ name }} end as {{ name }},
    {%- endfor %}
    decided.not_to_do_en,
    decided.not_to_do_nl,
    {{ reason_sentence('texts.text_en', facts_told('decided')) }} as reason,
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
