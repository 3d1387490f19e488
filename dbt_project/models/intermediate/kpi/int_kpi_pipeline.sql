{%- set measures = ['won_count', 'lost_count', 'won_amount', 'partial_outcome_count', 'open_count', 'unpriced_open_count', 'unknown_open_count', 'pipeline_amount'] %}
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

scoped as (
    {{ scoped_months('pipeline', measures, ['company', 'salesperson', 'team']) }}
),

by_period as (
    select
        *,
        case when partial_outcome_count > 0 then partial_outcome_count || ' deals have an outcome without a closing date or a closing date without an outcome' end
            as partial_reason,
        case
            when unknown_open_count > 0
                then 'no snapshot or delivery of that day tells the amount of ' || unknown_open_count || ' of ' || open_count || ' open deals; see pipeline_replayed_amount'
            when unpriced_open_count > 0 then unpriced_open_count || ' open deals have no amount'
        end as amount_reason
    from scoped
),

replayed as (
    select
        replay.*,
        months.is_complete as is_month_complete,
        case when replay.unvalued_count > 0 then replay.unvalued_count || ' open deals have no earlier won deal to value them by' end as unvalued_reason
    from replay
    inner join months on replay.month_start_date = months.month_start_date
)

{%- set pipeline_reason = "nullif(concat_ws('; ', amount_reason, partial_reason), '')" %}

{{ kpi_rows('by_period', [
    {'kpi': 'win_rate', 'numerator': 'won_count', 'denominator': 'won_count + lost_count', 'reason': 'partial_reason'},
    {'kpi': 'won_amount', 'value': 'won_amount', 'reason': 'partial_reason'},
    {'kpi': 'pipeline_amount', 'value': 'case when unknown_open_count = 0 and (open_count = 0 or unpriced_open_count < open_count) then pipeline_amount end', 'reason': pipeline_reason},
]) }}
union all
{{ kpi_rows('replayed', [
    {'kpi': 'pipeline_replayed_amount', 'value': 'case when unvalued_count = 0 or unvalued_count < open_count then raw_amount end', 'is_complete': 'is_month_complete', 'reason': 'unvalued_reason'},
]) }}
