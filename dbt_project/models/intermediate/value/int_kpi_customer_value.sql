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

cohorts as (
    select
        acquisition.*,
        'month' as period_type,
        months.month_start_date as period_start_date,
        'company' as company_scope,
        months.is_complete
    from {{ ref('customer_acquisition') }} as acquisition
    inner join {{ ref('dim_months') }} as months on acquisition.scope_id = cast(months.month_start_date as varchar)
    where acquisition.scope_type = 'cohort'
),

new_customers as (
    select period_type, period_start_date, company_scope as scope_type, company_scope as scope_id, is_complete, customer_count,
        acquisition_cost_amount, payback_months, payback_reason
    from cohorts
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
    {'kpi': 'customer_acquisition_cost', 'numerator': 'acquisition_cost_amount', 'denominator': 'customer_count'},
    {'kpi': 'payback_months', 'value': 'payback_months', 'reason': 'payback_reason'},
]) }}
union all
{{ kpi_rows('lifetime', [{'kpi': 'customer_lifetime_value', 'value': 'lifetime_value_amount', 'reason': 'value_reason'}]) }}
