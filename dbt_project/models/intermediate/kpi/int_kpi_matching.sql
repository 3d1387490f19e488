-- How much of the money is matched by its own evidence, how rightly, and how long it waits. Money that is held out is matched or not like
-- any other: nothing is left out, and there are no bounds.
{%- set measures = [
    'received_amount', 'matched_amount', 'receipt_count', 'matched_count', 'agreed_count', 'compared_count', 'waiting_hours', 'applied_count'
] %}
{%- set matched, applied = 'is_complete and unmatched_count = 0', 'is_complete and unmatched_count = 0 and unapplied_count = 0' %}
{%- set unmatched = reason_when('is_complete and unmatched_count > 0', 'receipts_not_matched', count='unmatched_count') %}
{%- set unapplied = reason_when('is_complete and unapplied_count > 0', 'receipts_not_applied', count='unapplied_count') %}
with matching as (
    select
        *,
        case when matched_by <> 'unmatched' then received_amount else 0 end as matched_amount,
        case when matched_by <> 'unmatched' then receipt_count else 0 end as matched_count,
        agreed_count + differing_count as compared_count
    from {{ ref('cash_matching_monthly') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

periods as (
    select * from {{ ref('int_periods') }} where period_type = 'month'
),

matching_rows as (
    {{ scoped_months('matching', measures, ['company', 'salesperson', 'team']) }}
),

-- Who a receipt belongs to is known once it is matched: what the company still looks for can move every scope's figures.
open_rows as (
    select
        *,
        sum(case when scope_type = 'company' then receipt_count - matched_count else 0 end) over (partition by period_start_date) as unmatched_count,
        sum(case when scope_type = 'company' then receipt_count - applied_count else 0 end) over (partition by period_start_date) as unapplied_count
    from matching_rows
)

{{ kpi_rows('open_rows', [
    {'kpi': 'cash_match_share', 'numerator': 'matched_amount', 'denominator': 'received_amount',
     'is_complete': matched, 'reasons': [unmatched]},
    {'kpi': 'cash_match_count_share', 'numerator': 'matched_count', 'denominator': 'receipt_count',
     'is_complete': matched, 'reasons': [unmatched]},
    {'kpi': 'cash_match_precision', 'numerator': 'agreed_count', 'denominator': 'compared_count',
     'is_complete': applied, 'reasons': [unapplied]},
    {'kpi': 'cash_application_hours', 'numerator': 'waiting_hours', 'denominator': 'applied_count',
     'is_complete': applied, 'reasons': [unapplied]},
]) }}
