-- What a deal's terms cost: expected loss and carrying cost over the days until this payer pays, and how to shape them by its risk.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

opportunities as (
    select * from {{ ref('fct_opportunities') }} where not is_closed and not has_partial_outcome
),

customers as (
    select * from {{ ref('dim_customers') }}
),

probabilities as (
    select * from {{ ref('int_default_probabilities_monthly') }}
),

payers as (
    select * from {{ ref('payer_behaviour_monthly') }}
),

known as (
    select
        opportunities.*,
        coalesce(opportunities.payment_terms_days, customers.payment_terms_days, 30) as terms_days,
        probabilities.rating,
        probabilities.default_probability_share,
        payers.payer_score,
        cast(greatest(coalesce(round(payers.average_late_days, 0), 0), 0) as integer) as late_days,
        parameters.carrying_cost_share,
        parameters.cannot_pay_probability_share
    from opportunities
    cross join night
    cross join parameters
    left join customers on opportunities.customer_id = customers.customer_id
    left join probabilities
        on opportunities.customer_id = probabilities.customer_id and {{ month_start('night.report_date') }} = probabilities.month_start_date
    left join payers on opportunities.customer_id = payers.customer_id and {{ month_start('night.report_date') }} = payers.month_start_date
),

priced as (
    select
        *,
        {{ financing_cost('amount', '(terms_days + late_days)', 'carrying_cost_share') }} as carrying_cost_amount,
        {{ financing_cost('amount', '(terms_days + late_days)', 'default_probability_share') }} as expected_loss_amount
    from known
)

select
    opportunity_id,
    customer_id,
    salesperson_id,
    amount as deal_amount,
    are_terms_discussed,
    cast(terms_days as integer) as terms_days,
    late_days as expected_late_days,
    rating,
    default_probability_share,
    payer_score,
    expected_loss_amount,
    carrying_cost_amount,
    cast(coalesce(expected_loss_amount, 0) + carrying_cost_amount as decimal(18, 4)) as margin_premium_amount,
    case
        when default_probability_share >= cannot_pay_probability_share then 'prepayment or insurance first'
        when default_probability_share >= 0.02 then 'part deliveries, each paid before the next'
        when late_days > 30 then 'shorter terms and a call before the due date'
        when default_probability_share is null then 'ask a credit report before terms'
        when default_probability_share >= 0.008 and terms_days > 30 then 'terms of 30 days at most'
        else 'terms as asked'
    end as terms_advice
from priced
