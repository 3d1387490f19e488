-- Every month of the company from the first known one on: a month without a figure says why.
with base as (
    select
        observed.*,
        'month' as period_type,
        observed.month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        months.is_complete,
        months.is_complete and observed.are_purchases_settled as is_settled,
        parameters.purchase_reversal_days
    from {{ ref('int_base_observed_monthly') }} as observed
    inner join {{ ref('dim_months') }} as months on observed.month_start_date = months.month_start_date
    cross join {{ ref('stg_company__parameters') }} as parameters
),

retention as (
    select
        base.*,
        {%- for column in ['opening_profit_amount', 'kept_profit_amount', 'opening_revenue_amount', 'kept_revenue_amount', 'closing_revenue_amount',
            'bounded_opening_revenue_amount', 'bounded_kept_revenue_amount', 'bounded_closing_revenue_amount'] %}
        yearly.{{ column }},
        {%- endfor %}
        monthly.annual_churn_share,
        monthly.bounded_annual_churn_share,
        base.is_settled and coalesce(monthly.provisional_churned_count, 0) = 0 as is_churn_complete,
        base.is_settled and coalesce(yearly.provisional_churned_count, 0) = 0 as is_profit_complete,
        monthly.provisional_churned_count as recent_count,
        yearly.provisional_churned_count as recent_profit_count
    from base
    left join {{ ref('int_retention_bounded_monthly') }} as monthly on base.month_start_date = monthly.month_start_date and monthly.window_months = 1
    left join {{ ref('int_retention_bounded_monthly') }} as yearly on base.month_start_date = yearly.month_start_date and yearly.window_months = 12
),

concentration as (
    select
        base.*,
        coalesce(concentration.top10_revenue_amount, 0) as top10_revenue_amount,
        coalesce(concentration.revenue_amount, 0) as revenue_amount
    from base
    left join {{ ref('customer_concentration_monthly') }} as concentration on base.month_start_date = concentration.month_start_date
)


{%- set unsettled = {} %}
{%- for known in ['losses', 'trailing', 'compared'] %}
{%- do unsettled.update({known: reason_when('are_' ~ known ~ '_known and not are_purchases_settled', 'recent_purchases', count='purchase_reversal_days')}) %}
{%- endfor %}
{%- set not_compared = reason_when('not are_compared_known', 'window_not_observed', date='compared_known_from_month') %}

{{ kpi_rows('retention', [
    {'kpi': 'annual_churn_rate', 'value': 'annual_churn_share', 'bounded': 'bounded_annual_churn_share', 'is_known': 'are_losses_known', 'is_complete': 'is_churn_complete',
     'reasons': [reason_when('not are_losses_known', 'losses_not_observed', date='losses_known_from_month'), unsettled.losses,
        reason_when('are_losses_known and recent_count > 0', 'recent_losses', count='recent_count'),
        reason_when('are_losses_known and annual_churn_share is null', 'zero_denominator')]},
    {'kpi': 'gross_revenue_retention', 'numerator': 'coalesce(kept_revenue_amount, 0)', 'denominator': 'coalesce(opening_revenue_amount, 0)',
     'bounded_numerator': 'coalesce(bounded_kept_revenue_amount, 0)', 'bounded_denominator': 'coalesce(bounded_opening_revenue_amount, 0)',
     'is_known': 'are_compared_known', 'reasons': [not_compared]},
    {'kpi': 'net_revenue_retention', 'numerator': 'coalesce(closing_revenue_amount, 0)', 'denominator': 'coalesce(opening_revenue_amount, 0)',
     'bounded_numerator': 'coalesce(bounded_closing_revenue_amount, 0)', 'bounded_denominator': 'coalesce(bounded_opening_revenue_amount, 0)',
     'is_known': 'are_compared_known', 'reasons': [not_compared]},
    {'kpi': 'profit_weighted_retention', 'numerator': 'kept_profit_amount', 'denominator': 'opening_profit_amount', 'is_known': 'are_compared_known',
     'is_complete': 'is_profit_complete', 'reasons': [not_compared, unsettled.compared,
        reason_when('are_compared_known and opening_profit_amount is null', 'no_unit_cost'),
        reason_when('are_compared_known and recent_profit_count > 0', 'recent_losses', count='recent_profit_count')]},
]) }}
union all
{{ kpi_rows('concentration', [{'kpi': 'top10_customer_share', 'numerator': 'top10_revenue_amount', 'denominator': 'revenue_amount',
    'is_known': 'are_trailing_known', 'is_complete': 'is_settled',
    'reasons': [reason_when('not are_trailing_known', 'window_not_observed', date='trailing_known_from_month'), unsettled.trailing]}]) }}
