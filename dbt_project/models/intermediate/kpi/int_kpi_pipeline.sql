{%- set measures = ['won_count', 'lost_count', 'won_amount', 'partial_outcome_count', 'open_count', 'unpriced_open_count', 'unknown_open_count', 'undated_open_count', 'pipeline_amount'] %}
with pipeline as (
    select * from {{ ref('pipeline_monthly') }}
),

replay as (
    select
        *,
        'month' as period_type,
        month_start_date as period_start_date,
        'company' as scope_type,
        'company' as scope_id
    from {{ ref('pipeline_replay_monthly') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

periods as (
    select * from {{ ref('int_periods') }} where period_type = 'month'
),

-- What had been won or lost before the first deal that is known to have closed was not delivered, and is not nothing.
closings as (
    select min(month_start_date) as first_closing_month from pipeline where won_count + lost_count > 0
),

scoped as (
    {{ scoped_months('pipeline', measures, ['company', 'salesperson', 'team']) }}
),

by_period as (
    select
        scoped.*,
        coalesce(scoped.period_start_date >= closings.first_closing_month, false) as is_outcome_known
    from scoped
    cross join closings
),

replayed as (
    select
        replay.*,
        months.is_complete as is_month_complete
    from replay
    inner join months on replay.month_start_date = months.month_start_date
)

{%- set partial = reason_when('partial_outcome_count > 0', 'partial_outcomes', count='partial_outcome_count') %}
{%- set unknown = reason_when('unknown_open_count > 0', 'unknown_deals', count='unknown_open_count', of_count='open_count') %}
{%- set unpriced = reason_when('unknown_open_count = 0 and unpriced_open_count > 0', 'unpriced_deals', count='unpriced_open_count') %}
{%- set unclosed = reason_when('not is_outcome_known', 'outcomes_not_observed') %}
{%- set undated = reason_when('undated_open_count > 0', 'undated_amounts', count='undated_open_count', of_count='open_count') %}

{{ kpi_rows('by_period', [
    {'kpi': 'win_rate', 'numerator': 'won_count', 'denominator': 'won_count + lost_count', 'is_known': 'is_outcome_known', 'reasons': [unclosed, partial]},
    {'kpi': 'won_amount', 'value': 'won_amount', 'is_known': 'is_outcome_known', 'reasons': [unclosed, partial]},
    {'kpi': 'pipeline_amount', 'value': 'case when open_count = 0 or unpriced_open_count < open_count then pipeline_amount end',
     'is_known': '(unknown_open_count = 0 and (open_count = 0 or unpriced_open_count < open_count))', 'is_complete': 'is_complete and undated_open_count = 0', 'reasons': [unknown, unpriced, undated, partial]},
]) }}
union all
{{ kpi_rows('replayed', [
    {'kpi': 'pipeline_replayed_amount', 'value': 'case when unvalued_count = 0 or unvalued_count < open_count then raw_amount end', 'is_complete': 'is_month_complete',
     'reasons': [reason_when('unvalued_count > 0', 'unvalued_deals', count='unvalued_count')]},
]) }}
