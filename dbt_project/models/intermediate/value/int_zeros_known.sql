-- What it means that there is no row: nothing where the entities are delivered, and unknown where they are not.
{%- set kpis = {'receivables_amount': 'receivables', 'dispute_count': 'dispute_rate'} %}
with availability as (
    select * from {{ ref('int_kpi_availability') }}
)

select
    {%- for figure, kpi in kpis.items() %}
    max(case when kpi = '{{ kpi }}' and is_available then 0 end) as {{ figure }}{{ ',' if not loop.last }}
    {%- endfor %}
from availability
