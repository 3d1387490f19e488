{%- set kept = ['company', 'salesperson', 'team', 'industry', 'segment'] %}
with periods as (
    select * from {{ ref('int_periods') }} where period_type = 'month'
),

quality as (
    select
        quality.*,
        'month' as period_type,
        quality.month_start_date as period_start_date,
        periods.is_complete,
        periods.is_complete and not quality.is_provisional as is_cohort_complete
    from {{ ref('invoice_quality_monthly') }} as quality
    inner join periods on quality.month_start_date = periods.period_start_date
    where quality.scope_type in ('{{ kept | join("', '") }}')
),

leakage as (
    select
        month_start_date,
        sum(leakage_amount) as leakage_amount
    from {{ ref('credit_note_leakage_monthly') }}
    group by month_start_date
),

disputes as (
    select * from {{ ref('dispute_monthly') }}
),

perfect_orders as (
    select * from {{ ref('perfect_order_monthly') }}
),

company_months as (
    select
        quality.*,
        coalesce(leakage.leakage_amount, 0) as leakage_amount,
        coalesce(disputes.disputed_in_time_count, 0) as disputed_in_time_count,
        quality.is_complete and not coalesce(disputes.is_provisional, false) as is_dispute_complete,
        quality.is_complete
        and {{ months_later('quality.month_start_date', 1) }} + parameters.needless_credit_days <= night.observed_until_date + 1 as is_leakage_complete,
        parameters.needless_credit_days
    from quality
    cross join {{ ref('stg_company__night') }} as night
    cross join {{ ref('stg_company__parameters') }} as parameters
    left join leakage on quality.month_start_date = leakage.month_start_date
    left join disputes on quality.month_start_date = disputes.month_start_date
    where quality.scope_type = 'company'
),

order_months as (
    select
        perfect_orders.*,
        'month' as period_type,
        perfect_orders.month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        periods.is_complete and not perfect_orders.is_provisional as is_complete,
        2 * parameters.first_time_right_days as ripening_days
    from perfect_orders
    cross join {{ ref('stg_company__parameters') }} as parameters
    inner join periods on perfect_orders.month_start_date = periods.period_start_date
),

-- What is not billed stands at the report date; earlier months are not rebuilt.
unbilled as (
    select
        'month' as period_type,
        {{ month_start('night.report_date') }} as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        coalesce(max(totals.unbilled_amount), 0) as unbilled_amount,
        false as is_complete
    from {{ ref('stg_company__night') }} as night
    cross join (select sum(unbilled_amount) as unbilled_amount from {{ ref('delivered_not_billed') }}) as totals
    group by night.report_date
)

{{ kpi_rows('quality', [
    {'kpi': 'invoice_error_rate', 'numerator': 'error_invoice_count', 'denominator': 'invoice_count'},
    {'kpi': 'invoice_error_stake_amount', 'value': 'stake_amount'},
    {'kpi': 'first_time_right', 'numerator': 'right_first_time_count', 'denominator': 'invoice_count', 'is_complete': 'is_cohort_complete',
     'reasons': [reason_when('is_provisional and undecided_count = 0', 'young_invoices'), reason_when('undecided_count > 0', 'undecided_disputes', count='undecided_count')]},
    {'kpi': 'quarantined_share', 'numerator': 'held_out_count', 'denominator': 'invoice_count'},
    {'kpi': 'quarantined_amount', 'value': 'held_out_gross_amount'},
]) }}
union all
{{ kpi_rows('company_months', [
    {'kpi': 'credit_note_leakage_amount', 'value': 'leakage_amount', 'is_complete': 'is_leakage_complete',
     'reasons': [reason_when('not is_leakage_complete', 'young_credits', count='needless_credit_days')]},
    {'kpi': 'dispute_rate', 'numerator': 'disputed_in_time_count', 'denominator': 'invoice_count', 'is_complete': 'is_dispute_complete',
     'reasons': [reason_when('not is_dispute_complete', 'young_invoices')]},
]) }}
union all
{{ kpi_rows('order_months', [
    {'kpi': 'perfect_order_rate', 'numerator': 'perfect_count', 'denominator': 'order_count', 'reasons': [
        reason_when('is_provisional and undecided_count = 0', 'young_orders', count='ripening_days'),
        reason_when('undecided_count > 0', 'undecided_disputes', count='undecided_count')]},
]) }}
union all
{{ kpi_rows('unbilled', [
    {'kpi': 'unbilled_deliveries_amount', 'value': 'unbilled_amount', 'reasons': [reason('at_report_date')]},
]) }}
