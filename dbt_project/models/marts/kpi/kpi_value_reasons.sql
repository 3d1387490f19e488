-- Why a figure has no value, is not final, or has bounds: the codes and figures that the sentences of kpi_values are made from.
{%- set key = ['kpi', 'period_type', 'period_start_date', 'scope_type', 'scope_id'] %}
with judged as (
    select * from {{ ref('int_kpi_values_judged') }}
)

{{ reason_rows('judged', key) }}
