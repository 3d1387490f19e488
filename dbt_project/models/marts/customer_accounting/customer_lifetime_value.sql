-- Contractual: yearly margin of the running contracts x r / (1 + i - r), r from the renewals of all contracts. Non-contractual:
-- purchases expected in three years at their expected value, discounted; margin where unit costs are known, else revenue.
-- The margin lies between -1 and 1: what a quiet year cost on a few euros of revenue is no forecast.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

renewals as (
    select {{ safe_share('parameter_2_rate', '(parameter_1_rate + parameter_2_rate)') }} as renewal_share
    from {{ ref('stg_value__fits') }}
    where model = 'shifted_beta_geometric' and is_fitted
),

contracts as (
    select
        contracts.customer_id,
        sum(contracts.annual_amount) as annual_amount
    from {{ ref('fct_contracts') }} as contracts
    cross join night
    where contracts.ended_date is null or contracts.ended_date > night.report_date
    group by 1
),

{%- set bounded_result = 'least(greatest(trailing_result_amount, -trailing_net_revenue_amount), trailing_net_revenue_amount)' %}
margins as (
    select
        customer_id,
        value_basis,
        case
            when value_basis = 'net revenue' then 1
            else {{ safe_share(bounded_result, 'trailing_net_revenue_amount') }}
        end as margin_share
    from {{ ref('int_customer_trailing_monthly') }}
    cross join night
    where month_start_date = {{ month_start('night.report_date') }}
),

estimates as (
    select * from {{ ref('stg_value__customer_values') }}
),

multiples as (
    select
        renewals.renewal_share,
        {{ lifetime_multiple('renewals.renewal_share', 'parameters.carrying_cost_share') }} as lifetime_multiple
    from renewals
    cross join parameters
)

select
    margins.customer_id,
    margins.value_basis,
    cast(margins.margin_share as decimal(38, 6)) as margin_share,
    cast(contracts.annual_amount as decimal(18, 4)) as contract_annual_amount,
    cast(case when contracts.customer_id is not null then multiples.renewal_share end as decimal(38, 6)) as renewal_share,
    case
        when contracts.customer_id is not null then {{ rounded_half_up('cast(contracts.annual_amount as decimal(24, 4)) * cast(margins.margin_share as decimal(9, 6)) * multiples.lifetime_multiple') }}
    end as contractual_value_amount,
    estimates.alive_share,
    estimates.expected_purchase_quantity,
    estimates.expected_purchase_amount,
    estimates.discounted_revenue_amount,
    {{ rounded_half_up('cast(estimates.discounted_revenue_amount as decimal(24, 4)) * cast(margins.margin_share as decimal(9, 6))') }}
        as lifetime_value_amount,
    case
        when estimates.customer_id is null then 'no_lifetime_model'
        when margins.margin_share is null then 'no_revenue'
        when estimates.expected_purchase_amount is null then 'no_value_model'
        when estimates.discounted_revenue_amount is null then 'beyond_the_model'
    end as value_reason
from margins
left join contracts on margins.customer_id = contracts.customer_id
left join multiples on true
left join estimates on margins.customer_id = estimates.customer_id
