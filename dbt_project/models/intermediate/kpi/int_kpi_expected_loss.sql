with observed as (
    select * from {{ ref('dim_observations') }} where entity = 'invoices'
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

-- The invoices of twelve months that ended six months ago.
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
        coalesce(max(periods.unvalued_count), 0) as unvalued_count,
        {{ window_flags('scoped.month_start_date', 18) }}
    from scoped
    left join observed on true
    inner join provision on scoped.month_start_date = provision.month_start_date and scoped.bucket = provision.bucket
    inner join loss_rates on scoped.month_start_date = loss_rates.month_start_date and scoped.bucket = loss_rates.bucket
    left join periods
        on
            scoped.month_start_date = periods.period_start_date
            and scoped.scope_type = periods.scope_type
            and scoped.scope_id = periods.scope_id
    group by 1, 2, 3, 4, observed.first_complete_month_start_date
)

{%- set window = reason_when('not is_window_known', 'window_not_observed', date='window_known_from_month') %}

{{ kpi_rows('expected_losses', [
    {'kpi': 'expected_credit_loss', 'value': 'expected_loss_amount', 'bounded': 'bounded_loss_amount', 'reasons': [window, 'case when is_window_known and loss_reason is not null then ' ~ reason_coded('loss_reason') ~ ' end'], 'is_known': 'is_window_known', 'unvalued': 'unvalued_count'},
]) }}
