with observed as (
    select * from {{ ref('dim_observations') }} where entity = 'invoices'
),

-- The invoices of six months.
days_to_pay as (
    select
        days_to_pay.*,
        'month' as period_type,
        days_to_pay.month_start_date as period_start_date,
        {{ window_flags('days_to_pay.month_start_date', 6) }}
    from {{ ref('days_to_pay_monthly') }} as days_to_pay
    left join observed on true
),

medians as (
    select * from {{ ref('int_median_days_monthly') }}
),

days_bounded as (
    select
        days_to_pay.*,
        medians.bounded_median_days
    from days_to_pay
    inner join medians
        on
            days_to_pay.month_start_date = medians.month_start_date
            and days_to_pay.scope_type = medians.scope_type
            and days_to_pay.scope_id = medians.scope_id
),

-- The credit sales of twelve months.
budgets as (
    select
        budgets.*,
        'month' as period_type,
        budgets.month_start_date as period_start_date,
        {{ window_flags('budgets.month_start_date', 12) }}
    from {{ ref('write_off_budget_monthly') }} as budgets
    left join observed on true
)

{%- set window = reason_when('not is_window_known', 'window_not_observed', date='window_known_from_month') %}

{{ kpi_rows('days_bounded', [
    {'kpi': 'median_days_to_pay', 'value': 'median_days_to_pay', 'bounded': 'bounded_median_days', 'reasons': [window, 'case when is_window_known and median_reason is not null then ' ~ reason_coded('median_reason') ~ ' end'], 'is_known': 'is_window_known'},
]) }}
union all
{{ kpi_rows('budgets', [
    {'kpi': 'write_off_burn_share', 'numerator': 'net_written_off_amount', 'denominator': 'maximum_amount',
     'bounded_numerator': 'net_written_off_amount + held_out_net_written_off_amount', 'bounded_denominator': 'maximum_amount + held_out_maximum_amount',
     'reasons': [window, 'case when is_window_known then ' ~ reason_coded("replace(budget_status, ' ', '_')") ~ ' end'], 'is_known': 'is_window_known', 'unvalued': 'unvalued_document_count'},
]) }}
