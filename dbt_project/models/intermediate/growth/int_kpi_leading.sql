{%- set leading = ['upsell_count', 'upsell_amount', 'contract_due_count', 'contract_renewed_count', 'contract_renewed_amount', 'outbound_contact_count', 'core_at_top_price_count', 'core_at_top_price_amount', 'waiting_lead_count', 'waiting_lead_amount', 'waiting_lead_days', 'still_waiting_lead_count'] %}
with periods as (
    select * from {{ ref('int_periods') }} where period_type = 'month'
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

indicators as (
    select * from {{ ref('leading_indicators_monthly') }}
),

indicator_rows as (
    {{ scoped_months('indicators', leading, ['company', 'salesperson', 'team']) }}
)

{%- set waiting = [reason_when('still_waiting_lead_count > 0', 'waiting_leads', count='still_waiting_lead_count')] %}
{{ kpi_rows('indicator_rows', [
    {'kpi': 'upsell_count', 'value': 'upsell_count'},
    {'kpi': 'upsell_amount', 'value': 'upsell_amount'},
    {'kpi': 'renewal_count', 'value': 'contract_renewed_count'},
    {'kpi': 'renewal_amount', 'value': 'contract_renewed_amount'},
    {'kpi': 'renewal_rate', 'numerator': 'contract_renewed_count', 'denominator': 'contract_due_count'},
    {'kpi': 'outbound_contact_count', 'value': 'outbound_contact_count'},
    {'kpi': 'core_at_top_price_count', 'value': 'core_at_top_price_count'},
    {'kpi': 'core_at_top_price_amount', 'value': 'core_at_top_price_amount'},
    {'kpi': 'waiting_lead_count', 'value': 'waiting_lead_count', 'is_complete': 'is_complete and still_waiting_lead_count = 0', 'reasons': waiting},
    {'kpi': 'waiting_lead_amount', 'value': 'waiting_lead_amount', 'is_complete': 'is_complete and still_waiting_lead_count = 0', 'reasons': waiting},
    {'kpi': 'waiting_lead_age', 'numerator': 'waiting_lead_days', 'denominator': 'waiting_lead_count', 'is_complete': 'is_complete and still_waiting_lead_count = 0', 'reasons': waiting},
]) }}
