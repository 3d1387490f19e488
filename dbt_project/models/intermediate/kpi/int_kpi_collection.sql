{%- set split = [
    'our_error_amount', 'invalid_dispute_amount', 'cannot_pay_amount', 'no_reason_known_amount', 'held_out_our_error_amount',
    'held_out_invalid_dispute_amount', 'held_out_cannot_pay_amount', 'held_out_no_reason_known_amount'
] %}
{%- set help = [
    'overdue_amount', 'overdue_worked_by_sales_amount', 'collected_with_sales_help_amount', 'held_out_overdue_amount',
    'held_out_overdue_worked_by_sales_amount', 'held_out_collected_with_sales_help_amount'
] %}
{%- set unapplied = ['unapplied_amount_days', 'unapplied_amount', 'held_out_unapplied_amount_days', 'held_out_unapplied_amount'] %}
with overdue_split as (
    select * from {{ ref('overdue_split_monthly') }}
),

sales_collection as (
    select * from {{ ref('sales_collection_monthly') }}
),

unapplied_cash as (
    select * from {{ ref('unapplied_cash_monthly') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

-- A month or scope without an overdue euro has a row of zeros: receivables are known there.
known as (
    select * from {{ ref('int_receivables_by_period') }} where period_type = 'month'
),
{%- for relation, measures, scopes in [
    ('overdue_split', split, ['company', 'salesperson', 'team', 'industry', 'segment']),
    ('sales_collection', help, ['company', 'salesperson', 'team']),
    ('unapplied_cash', unapplied, ['company', 'salesperson', 'team']),
] %}

{{ relation }}_summed as (
    {{ scoped_sums(relation, ['month_start_date'], measures, scopes) }}
),

{{ relation }}_scoped as (
    select
        known.period_type,
        known.period_start_date,
        known.is_complete,
        known.unvalued_count,
        known.scope_type,
        known.scope_id,
        {%- for measure in measures %}
        coalesce(summed.{{ measure }}, 0) as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from known
    left join {{ relation }}_summed as summed
        on
            known.period_start_date = summed.month_start_date
            and known.scope_type = summed.scope_type
            and known.scope_id = summed.scope_id
    where known.scope_type in ('{{ scopes | join("', '") }}')
){{ ',' if not loop.last }}
{%- endfor %}

{{ kpi_rows('overdue_split_scoped', [
    {'kpi': 'overdue_our_error_amount', 'value': 'our_error_amount', 'held_out': 'held_out_our_error_amount', 'unvalued': 'unvalued_count'},
    {'kpi': 'overdue_invalid_dispute_amount', 'value': 'invalid_dispute_amount', 'held_out': 'held_out_invalid_dispute_amount', 'unvalued': 'unvalued_count'},
    {'kpi': 'overdue_cannot_pay_amount', 'value': 'cannot_pay_amount', 'held_out': 'held_out_cannot_pay_amount', 'unvalued': 'unvalued_count'},
    {'kpi': 'overdue_no_reason_known_amount', 'value': 'no_reason_known_amount', 'held_out': 'held_out_no_reason_known_amount', 'unvalued': 'unvalued_count'},
]) }}
union all
{{ kpi_rows('sales_collection_scoped', [
    {'kpi': 'overdue_worked_by_sales_share', 'numerator': 'overdue_worked_by_sales_amount', 'denominator': 'overdue_amount',
     'bounded_numerator': 'overdue_worked_by_sales_amount + held_out_overdue_worked_by_sales_amount',
     'bounded_denominator': 'overdue_amount + held_out_overdue_amount', 'unvalued': 'unvalued_count'},
    {'kpi': 'collected_with_sales_help_amount', 'value': 'collected_with_sales_help_amount', 'held_out': 'held_out_collected_with_sales_help_amount'},
]) }}
union all
{{ kpi_rows('unapplied_cash_scoped', [
    {'kpi': 'unapplied_cash_age', 'numerator': 'unapplied_amount_days', 'denominator': 'unapplied_amount',
     'bounded_numerator': 'unapplied_amount_days + held_out_unapplied_amount_days',
     'bounded_denominator': 'unapplied_amount + held_out_unapplied_amount', 'unvalued': 'unvalued_count'},
]) }}
