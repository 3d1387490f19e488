-- What a deal's terms cost: expected loss and carrying cost over the days until this payer pays, and how to shape them. What is decided or
-- known of the customer outranks its risk, in this order: insolvent, blocked or ended, what credit decided on the deal or else on the
-- customer, the limit, the cover, what is long overdue (action_facts); the reason names the one that decided.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

opportunities as (
    select * from {{ ref('fct_opportunities') }} where not is_closed and not has_partial_outcome
),

known as (
    select
        opportunities.*,
        coalesce(opportunities.payment_terms_days, customers.payment_terms_days, 30) as terms_days,
        probabilities.rating,
        probabilities.default_probability_share,
        payers.payer_score,
        cast(greatest(coalesce(round(payers.average_late_days, 0), 0), 0) as integer) as late_days,
        {%- for fact in ['is_insolvent', 'is_blocked', 'ended_date', 'written_off_amount', 'credit_limit_amount', 'credit_outcome',
            'credit_decided_date', 'credit_requested_amount', 'exposure_amount', 'long_overdue_amount', 'is_covered', 'stopped_from_date'] %}
        credit.{{ fact }},
        {%- endfor %}
        parameters.carrying_cost_share,
        parameters.cannot_pay_probability_share
    from opportunities
    cross join night
    cross join parameters
    left join {{ ref('dim_customers') }} as customers on opportunities.customer_id = customers.customer_id
    left join {{ ref('int_deals_on_credit') }} as credit on opportunities.opportunity_id = credit.opportunity_id
    left join {{ ref('int_default_probabilities_monthly') }} as probabilities
        on opportunities.customer_id = probabilities.customer_id and {{ month_start('night.report_date') }} = probabilities.month_start_date
    left join {{ ref('payer_behaviour_monthly') }} as payers
        on opportunities.customer_id = payers.customer_id and {{ month_start('night.report_date') }} = payers.month_start_date
),

deals as (
    select
        *,
        {{ financing_cost('amount', '(terms_days + late_days)', 'carrying_cost_share') }} as carrying_cost_amount,
        {{ financing_cost('amount', '(terms_days + late_days)', 'default_probability_share') }} as expected_loss_amount
    from known
),

told as (
    {{ facts_holding('deals', 'opportunity_id', terms_facts(), 'action_facts', ['action', 'by_department'], 'terms') }}
)

select
    told.opportunity_id,
    told.customer_id,
    told.salesperson_id,
    told.amount as deal_amount,
    told.are_terms_discussed,
    cast(told.terms_days as integer) as terms_days,
    told.late_days as expected_late_days,
    {%- for figure in ['rating', 'default_probability_share', 'payer_score', 'expected_loss_amount', 'carrying_cost_amount'] %}
    told.{{ figure }},
    {%- endfor %}
    cast(coalesce(told.expected_loss_amount, 0) + told.carrying_cost_amount as decimal(18, 4)) as margin_premium_amount,
    told.action as terms_advice,
    told.by_department,
    {{ reason_sentence('texts.text_en', facts_told('told')) }} as reason,
    told.fact as reason_code,
    told.reason_amount,
    told.reason_of_amount,
    told.reason_count,
    told.reason_date
from told
inner join {{ ref('kpi_reasons') }} as texts on told.fact = texts.reason_code
where told.holding_rank = 1
