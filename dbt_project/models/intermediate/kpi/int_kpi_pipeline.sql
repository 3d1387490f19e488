{%- set measures = ['won_count', 'lost_count', 'won_amount', 'open_count', 'unpriced_open_count', 'pipeline_amount'] %}
with pipeline as (
    select * from {{ ref('pipeline_monthly') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

periods as (
    select * from {{ ref('int_periods') }} where period_type = 'month'
),

with_team as (
    select
        pipeline.*,
        coalesce(salespeople.team, 'unknown') as team
    from pipeline
    left join salespeople on pipeline.salesperson_id = salespeople.salesperson_id
),

scoped as (
    {{ scoped_sums('with_team', ['month_start_date'], measures, ['company', 'salesperson', 'team']) }}
),

by_period as (
    select
        scoped.*,
        periods.period_type,
        periods.period_start_date,
        periods.is_complete
    from scoped
    inner join periods on scoped.month_start_date = periods.period_start_date
)

{%- set unpriced = "case when unpriced_open_count > 0 then unpriced_open_count || ' open deals have no amount' end" %}

{{ kpi_rows('by_period', [
    {'kpi': 'win_rate', 'numerator': 'won_count', 'denominator': 'won_count + lost_count'},
    {'kpi': 'won_amount', 'value': 'won_amount'},
    {'kpi': 'pipeline_amount', 'value': 'case when open_count = 0 or unpriced_open_count < open_count then pipeline_amount end', 'reason': unpriced},
]) }}
