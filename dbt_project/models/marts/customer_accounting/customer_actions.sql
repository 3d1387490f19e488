-- The first fact that holds, in the order of action_facts, decides; the reason names it with the figures it was judged by. An advice
-- with nothing at stake is none: such a customer has no row.
with customers as (
    select * from {{ ref('customer_360') }}
),

texts as (
    select * from {{ ref('kpi_reasons') }}
),

decided as (
    {{ facts_holding(
        'customers', 'customer_id', action_facts(), 'action_facts', ['action', 'what_to_repair', 'by_department'], 'customer', with_stake=true
    ) }}
)

{%- set figures = dict(
    facts_told('decided'), tier='decided.value_tier', risk='decided.debtor_risk_class', ground='decided.debtor_risk_reason'
) %}

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
