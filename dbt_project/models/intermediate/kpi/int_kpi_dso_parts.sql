{%- set unvalued = 'unvalued_count + unvalued_document_count' %}
with dso_change as (
    select * from {{ ref('dso_change_monthly') }}
),

periods as (
    select
        *,
        receivables_amount + held_out_receivables_amount as all_receivables_amount,
        not_due_amount + held_out_not_due_amount as all_not_due_amount,
        credit_sales_gross_amount + held_out_credit_sales_gross_amount as all_sales_gross_amount
    from {{ ref('int_receivables_by_period') }}
    where period_type = 'month'
),

own_errors as (
    select * from {{ ref('int_kpi_collection') }} where kpi = 'overdue_our_error_amount'
),

dso_parts as (
    select
        periods.*,
        dso_change.terms_granted_days,
        dso_change.late_payment_days,
        dso_change.own_errors_days,
        {{ safe_share('periods.all_receivables_amount * periods.day_count', 'periods.all_sales_gross_amount') }} as bounded_dso_days,
        {{ safe_share('periods.all_not_due_amount * periods.day_count', 'periods.all_sales_gross_amount') }} as bounded_terms_days,
        {{ safe_share('own_errors.bounded_value * periods.day_count', 'periods.all_sales_gross_amount') }} as bounded_errors_days,
        case when dso_change.dso_simple_days is null then 'the denominator is zero or negative' end as dso_reason
    from periods
    inner join dso_change
        on
            periods.period_start_date = dso_change.month_start_date
            and periods.scope_type = dso_change.scope_type
            and periods.scope_id = dso_change.scope_id
    inner join own_errors
        on
            periods.period_start_date = own_errors.period_start_date
            and periods.scope_type = own_errors.scope_type
            and periods.scope_id = own_errors.scope_id
)

{{ kpi_rows('dso_parts', [
    {'kpi': 'dso_terms_granted', 'value': 'terms_granted_days', 'bounded': 'bounded_terms_days', 'reason': 'dso_reason', 'unvalued': unvalued},
    {'kpi': 'dso_late_payment', 'value': 'late_payment_days', 'bounded': 'bounded_dso_days - bounded_terms_days - bounded_errors_days',
     'reason': 'dso_reason', 'unvalued': unvalued},
    {'kpi': 'dso_own_errors', 'value': 'own_errors_days', 'bounded': 'bounded_errors_days', 'reason': 'dso_reason', 'unvalued': unvalued},
]) }}
