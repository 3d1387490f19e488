with days_to_pay as (
    select
        *,
        'month' as period_type,
        month_start_date as period_start_date
    from {{ ref('days_to_pay_monthly') }}
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

budgets as (
    select
        *,
        'month' as period_type,
        month_start_date as period_start_date
    from {{ ref('write_off_budget_monthly') }}
),

exposures as (
    select
        *,
        exposure_amount - insured_amount as uninsured_amount,
        bounded_exposure_amount - bounded_insured_amount as bounded_uninsured_amount
    from {{ ref('int_bucket_exposures_monthly') }}
),

provision as (
    select * from {{ ref('provision_monthly') }}
),

loss_rates as (
    select * from {{ ref('int_loss_rates_monthly') }}
),

periods as (
    select * from {{ ref('int_receivables_by_period') }} where period_type = 'month'
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

scoped as (
    {{ scoped_sums('exposures', ['month_start_date', 'bucket'], ['uninsured_amount', 'bounded_uninsured_amount']) }}
),

expected_losses as (
    select
        'month' as period_type,
        scoped.month_start_date as period_start_date,
        scoped.scope_type,
        scoped.scope_id,
        min(case when provision.is_complete then 1 else 0 end) = 1 as is_complete,
        max(provision.loss_reason) as loss_reason,
        sum({{ rounded_half_up('cast(scoped.uninsured_amount as decimal(38, 4)) * cast(provision.loss_share as decimal(9, 6))') }}) as expected_loss_amount,
        sum({{ rounded_half_up('cast(scoped.bounded_uninsured_amount as decimal(38, 4)) * cast(loss_rates.bounded_loss_share as decimal(9, 6))') }})
            as bounded_loss_amount,
        coalesce(max(periods.unvalued_count), 0) as unvalued_count
    from scoped
    inner join provision on scoped.month_start_date = provision.month_start_date and scoped.bucket = provision.bucket
    inner join loss_rates on scoped.month_start_date = loss_rates.month_start_date and scoped.bucket = loss_rates.bucket
    left join periods
        on
            scoped.month_start_date = periods.period_start_date
            and scoped.scope_type = periods.scope_type
            and scoped.scope_id = periods.scope_id
    group by 1, 2, 3, 4
)

{{ kpi_rows('days_bounded', [
    {'kpi': 'median_days_to_pay', 'value': 'median_days_to_pay', 'bounded': 'bounded_median_days', 'reason': 'median_reason'},
]) }}
union all
{{ kpi_rows('budgets', [
    {'kpi': 'write_off_burn_share', 'numerator': 'net_written_off_amount', 'denominator': 'maximum_amount',
     'bounded_numerator': 'net_written_off_amount + held_out_net_written_off_amount', 'bounded_denominator': 'maximum_amount + held_out_maximum_amount',
     'reason': 'budget_status', 'unvalued': 'unvalued_document_count'},
]) }}
union all
{{ kpi_rows('expected_losses', [
    {'kpi': 'expected_credit_loss', 'value': 'expected_loss_amount', 'bounded': 'bounded_loss_amount', 'reason': 'loss_reason', 'unvalued': 'unvalued_count'},
]) }}
