-- Per segment (size class) on the report date: what a year of it brings, what it may lose and lost in fact (the mean of three years, or of what was
-- observed of them), and what the tools cost. What a cover insures in fact, after limits and stops, is less than it says.
with night as (
    select * from {{ ref('stg_company__night') }}
),

results as (
    select
        results.customer_id,
        sum(results.net_revenue_amount) as revenue_amount,
        sum(results.net_revenue_amount - results.cost_of_goods_amount) as margin_amount,
        sum(results.net_revenue_amount - results.cost_of_goods_amount - results.uncosted_amount - results.cost_to_serve_amount) as served_margin_amount
    from {{ ref('customer_result_monthly') }} as results
    inner join night on results.month_start_date > {{ months_later('night.report_date', -12) }}
    group by 1
),

exposures as (
    select * from {{ ref('customer_exposure') }}
),

customers as (
    select * from {{ ref('dim_customers') }} where not is_unknown
),

probabilities as (
    select probabilities.*
    from {{ ref('int_default_probabilities_monthly') }} as probabilities
    inner join night on probabilities.month_start_date = {{ month_start('night.report_date') }}
),

losses as (
    select
        losses.customer_id,
        sum(losses.amount) as realised_amount
    from {{ ref('int_losses_realised') }} as losses
    inner join night on {{ month_start('losses.loss_date') }} > {{ months_later('night.report_date', -36) }}
    group by 1
),

observed as (
    select least(count(*), 36) as month_count from {{ ref('dim_months') }}
),

covered as (
    select {{ safe_share('sum(insured_amount)', 'sum(exposure_amount)') }} as insured_share
    from exposures
    where coverage_share is not null
),

tool_costs as (
    select
        (select cast(avg(premium_share) as decimal(9, 6)) from {{ ref('fct_credit_insurance') }}) as premium_share,
        (select cast(avg(coverage_share) as decimal(9, 6)) from {{ ref('fct_credit_insurance') }}) as coverage_share,
        (select cast(avg(report_cost_amount) as decimal(18, 4)) from {{ ref('fct_credit_assessments') }}) as report_cost_amount
    from night
)

select
    customers.size_class,
    count(*) as customer_count,
    count(case when probabilities.default_probability_share is null then 1 end) as unrated_count,
    coalesce(sum(results.revenue_amount), 0) as revenue_amount,
    coalesce(sum(results.margin_amount), 0) as margin_amount,
    coalesce(sum(results.served_margin_amount), 0) as served_margin_amount,
    coalesce(sum(exposures.exposure_amount), 0) as exposure_amount,
    coalesce(sum({{ rounded_half_up('cast(exposures.exposure_amount as decimal(28, 4)) * probabilities.default_probability_share') }}), 0) as expected_loss_amount,
    {{ rounded_ratio('coalesce(sum(cast(losses.realised_amount as decimal(28, 4))), 0) * 12', 'max(observed.month_count)') }} as realised_loss_amount,
    cast(max(covered.insured_share) as decimal(9, 6)) as insured_share,
    max(tool_costs.premium_share) as premium_share,
    max(tool_costs.coverage_share) as coverage_share,
    max(tool_costs.report_cost_amount) as report_cost_amount
from customers
cross join tool_costs
cross join observed
cross join covered
left join results on customers.customer_id = results.customer_id
left join losses on customers.customer_id = losses.customer_id
left join exposures on customers.customer_id = exposures.customer_id
left join probabilities on customers.customer_id = probabilities.customer_id
where results.customer_id is not null or exposures.customer_id is not null or losses.customer_id is not null
group by 1
