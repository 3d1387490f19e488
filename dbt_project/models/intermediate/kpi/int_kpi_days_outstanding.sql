{%- set unvalued = 'unvalued_count + unvalued_document_count' %}
with periods as (
    select * from {{ ref('int_receivables_by_period') }} where period_type = 'month'
),

countback as (
    select * from {{ ref('int_countback_monthly') }}
),

true_days as (
    select * from {{ ref('int_true_days_monthly') }}
),

days_outstanding as (
    select
        periods.*,
        countback.countback_days,
        countback.reason as countback_reason,
        true_days.true_days
    from periods
    left join countback
        on
            periods.scope_type = countback.scope_type
            and periods.scope_id = countback.scope_id
            and periods.period_start_date = countback.month_start_date
    left join true_days
        on
            periods.scope_type = true_days.scope_type
            and periods.scope_id = true_days.scope_id
            and periods.period_start_date = true_days.month_start_date
)

{{ kpi_rows('days_outstanding', [
    {'kpi': 'dso_countback', 'value': 'countback_days', 'reasons': ['case when countback_reason is not null then ' ~ reason_coded('countback_reason') ~ ' end'], 'unvalued': unvalued},
    {'kpi': 'dso_true', 'value': 'true_days', 'reasons': [reason_when('true_days is null', 'no_open_invoices')], 'unvalued': unvalued},
]) }}
