-- The results of customers by segment; who is not active at month end has no value tier or risk class. One place for all types,
-- so that every level sums the same rows.
{%- set measures = [
    'net_revenue_amount', 'cost_line_amount', 'cost_of_goods_amount', 'uncosted_amount', 'cost_to_serve_amount', 'carrying_cost_amount',
    'expected_loss_amount', 'insurance_premium_amount', 'credit_report_amount', 'bank_charge_amount', 'result_before_goods_amount', 'result_amount',
] %}
with results as (
    select * from {{ ref('customer_result_monthly') }}
),

base as (
    select * from {{ ref('customer_base_monthly') }}
),

classified as (
    select
        results.*,
        coalesce(base.value_tier, 'not active') as value_tier,
        coalesce(base.debtor_risk_class, 'not active') as debtor_risk_class
    from results
    left join base on results.customer_id = base.customer_id and results.month_start_date = base.month_start_date
)

{% for segment_type, column in [('company', "'company'"), ('size_class', 'size_class'), ('industry', 'industry_code'), ('value_tier', 'value_tier'), ('debtor_risk', 'debtor_risk_class')] %}
select
    '{{ segment_type }}' as segment_type,
    {{ column }} as segment_id,
    month_start_date,
    count(*) as customer_count,
    count(case when result_amount is null then 1 end) as unknown_result_count,
    {%- for measure in measures %}
    {{ money_sum(measure) }} as {{ measure }},
    {%- endfor %}
    {{ money_sum('case when result_amount is null then result_before_goods_amount - cost_of_goods_amount else uncosted_amount end') }} as uncounted_amount
from classified
group by 1, 2, 3
{%- if not loop.last %}
union all
{%- endif %}
{% endfor %}
