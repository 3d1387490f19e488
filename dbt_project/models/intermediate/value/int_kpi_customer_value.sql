with relations as (
    select
        *,
        'month' as period_type,
        month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        reviewed_count = 0 as is_unreviewed
    from {{ ref('relationship_capital_monthly') }}
),

new_customers as (
    select
        'month' as period_type,
        months.month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        months.is_complete and coalesce(months.month_start_date <= pools.last_month, false) as is_complete,
        acquisition.acquisition_cost_amount,
        case when coalesce(dynamics.left_censored_new_count, 0) = 0 then coalesce(acquisition.customer_count, 0) end as customer_count,
        acquisition.payback_months,
        coalesce(acquisition.payback_reason, case when acquisition.payback_months is null then 'no_new_customer' end) as payback_reason,
        dynamics.left_censored_new_count,
        acquisition.customer_count as all_customer_count
    from {{ ref('dim_months') }} as months
    left join {{ ref('customer_acquisition') }} as acquisition
        on acquisition.scope_type = 'cohort' and cast(months.month_start_date as varchar) = acquisition.scope_id
    left join {{ ref('customer_dynamics_monthly') }} as dynamics on months.month_start_date = dynamics.month_start_date
    cross join (select max(cost_month) as last_month from {{ ref('fct_cost_pools') }}) as pools
),

lifetime as (
    select
        'month' as period_type,
        {{ month_start('night.report_date') }} as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        count(lifetime.lifetime_value_amount) = count(*) as is_complete,
        sum(lifetime.lifetime_value_amount) as lifetime_value_amount,
        case when count(lifetime.lifetime_value_amount) = 0 then min(lifetime.value_reason) end as value_reason,
        count(lifetime.lifetime_value_amount) as valued_count,
        count(*) as all_count
    from {{ ref('customer_lifetime_value') }} as lifetime
    cross join {{ ref('stg_company__night') }} as night
    group by 1, 2
)

{%- set payback = 'case when payback_reason is not null then ' ~ reason_coded('payback_reason') ~ ' end' %}
{%- set cost_reasons = [
    reason_when('left_censored_new_count > 0', 'censored_cohort', count='left_censored_new_count'),
    reason_when('coalesce(left_censored_new_count, 0) = 0 and all_customer_count > 0 and acquisition_cost_amount is null', 'no_acquisition_cost'),
] %}
{%- set values = [
    'case when value_reason is not null then ' ~ reason_coded('value_reason') ~ ' end',
    reason_when('valued_count > 0 and valued_count < all_count', 'customers_not_valued', count='all_count - valued_count', of_count='all_count'),
] %}

{{ kpi_rows('relations', [{'kpi': 'relationship_capital', 'value': 'strength_score', 'reasons': [reason_when('is_unreviewed', 'no_relation_reviewed')]}]) }}
union all
{{ kpi_rows('new_customers', [
    {'kpi': 'customer_acquisition_cost', 'numerator': 'acquisition_cost_amount', 'denominator': 'customer_count', 'reasons': cost_reasons},
    {'kpi': 'payback_months', 'value': 'payback_months', 'reasons': [payback],
     'is_complete': "is_complete and (payback_months is not null or payback_reason = 'no_new_customer')"},
]) }}
union all
{{ kpi_rows('lifetime', [{'kpi': 'customer_lifetime_value', 'value': 'lifetime_value_amount', 'reasons': values}]) }}
