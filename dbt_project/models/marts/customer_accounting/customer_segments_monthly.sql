{%- set segments = [
    ('value_tier', 'value_tier'), ('debtor_risk', 'debtor_risk_class'), ('grid', 'grid_cell'), ('size_class', 'size_class'),
    ('industry', 'industry_code'),
] %}
with customers as (
    select * from {{ ref('customer_base_monthly') }}
),

segments as (
    {%- for segment_type, column in segments %}
    select
        '{{ segment_type }}' as segment_type,
        {{ column }} as segment_id,
        month_start_date,
        is_complete,
        value_basis,
        count(*) as active_count,
        count(case when debtor_risk_class = 'high' then 1 end) as high_risk_count,
        count(case when is_valuable_at_high_risk then 1 end) as valuable_high_risk_count,
        {{ money_sum('trailing_net_revenue_amount') }} as trailing_net_revenue_amount,
        {{ money_sum('value_amount') }} as value_amount
    from customers
    group by 2, 3, 4, 5
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

totals as (
    select
        *,
        sum(active_count) over (partition by segment_type, month_start_date) as company_active_count,
        sum(value_amount) over (partition by segment_type, month_start_date) as company_value_amount
    from segments
)

select
    month_start_date,
    is_complete,
    segment_type,
    segment_id,
    active_count,
    {{ safe_share('active_count', 'company_active_count') }} as active_share,
    high_risk_count,
    {{ safe_share('high_risk_count', 'active_count') }} as high_risk_share,
    valuable_high_risk_count,
    trailing_net_revenue_amount,
    value_basis,
    value_amount,
    {{ safe_share('value_amount', 'company_value_amount') }} as value_share
from totals
