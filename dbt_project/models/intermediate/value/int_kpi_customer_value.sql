with equity as (
    select *, 'month' as period_type, month_start_date as period_start_date, 'company' as scope_type, 'company' as scope_id
    from {{ ref('customer_equity_monthly') }}
),

relations as (
    select
        *,
        'month' as period_type,
        month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        case when reviewed_count = 0 then 'no relation was reviewed within a year' end as review_reason
    from {{ ref('relationship_capital_monthly') }}
),

new_customers as (
    select
        'month' as period_type,
        months.month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        months.is_complete,
        acquisition.acquisition_cost_amount,
        case when coalesce(dynamics.left_censored_new_count, 0) = 0 then coalesce(acquisition.customer_count, 0) end as customer_count,
        acquisition.payback_months,
        coalesce(acquisition.payback_reason, case when acquisition.payback_months is null then 'no new customer' end) as payback_reason,
        case
            when dynamics.left_censored_new_count > 0 then dynamics.left_censored_new_count || ' new customers may be customers of before the first delivery'
            when acquisition.acquisition_cost_amount is null then 'no acquisition cost is known of the months in which its deals began'
            when acquisition.customer_count = 0 then 'no new customer'
        end as cost_reason
    from {{ ref('dim_months') }} as months
    left join {{ ref('customer_acquisition') }} as acquisition
        on acquisition.scope_type = 'cohort' and cast(months.month_start_date as varchar) = acquisition.scope_id
    left join {{ ref('customer_dynamics_monthly') }} as dynamics on months.month_start_date = dynamics.month_start_date
),

lifetime as (
    select
        'month' as period_type,
        {{ month_start('night.report_date') }} as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        count(lifetime.lifetime_value_amount) = count(*) as is_complete,
        sum(lifetime.lifetime_value_amount) as lifetime_value_amount,
        case
            when count(lifetime.lifetime_value_amount) = 0 then min(lifetime.value_reason)
            when count(lifetime.lifetime_value_amount) < count(*)
                then count(*) - count(lifetime.lifetime_value_amount) || ' of ' || count(*) || ' customers cannot be valued: see customer_lifetime_value'
        end as value_reason
    from {{ ref('customer_lifetime_value') }} as lifetime
    cross join {{ ref('stg_company__night') }} as night
    group by 1, 2
)

{{ kpi_rows('equity', [{'kpi': 'customer_equity', 'value': 'closing_equity_amount'}]) }}
union all
{{ kpi_rows('relations', [{'kpi': 'relationship_capital', 'value': 'strength_score', 'reason': 'review_reason'}]) }}
union all
{{ kpi_rows('new_customers', [
    {'kpi': 'customer_acquisition_cost', 'numerator': 'acquisition_cost_amount', 'denominator': 'customer_count', 'reason': 'cost_reason'},
    {'kpi': 'payback_months', 'value': 'payback_months', 'reason': 'payback_reason'},
]) }}
union all
{{ kpi_rows('lifetime', [{'kpi': 'customer_lifetime_value', 'value': 'lifetime_value_amount', 'reason': 'value_reason'}]) }}
