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

by_period as (
    {{ scoped_months('pipeline', measures, ['company', 'salesperson', 'team']) }}
)

{%- set unpriced = "case when unpriced_open_count > 0 then unpriced_open_count || ' open deals have no amount' end" %}

{{ kpi_rows('by_period', [
    {'kpi': 'win_rate', 'numerator': 'won_count', 'denominator': 'won_count + lost_count'},
    {'kpi': 'won_amount', 'value': 'won_amount'},
    {'kpi': 'pipeline_amount', 'value': 'case when open_count = 0 or unpriced_open_count < open_count then pipeline_amount end', 'reason': unpriced},
]) }}
