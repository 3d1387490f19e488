-- What the families measured, of the KPIs whose entities are delivered.
{%- set families = [
    'revenue', 'receivables', 'days_outstanding', 'customers', 'pipeline', 'invoice_quality', 'customer_accounting',
    'customer_value', 'collection', 'payment', 'dso_parts', 'growth', 'leading', 'commission', 'customers_owned', 'retention', 'equity', 'expected_loss', 'matching'
] %}
with availability as (
    select * from {{ ref('int_kpi_availability') }} where is_available
),

families as (
    {%- for family in families %}
    select * from {{ ref('int_kpi_' ~ family) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select families.*
from families
inner join availability on families.kpi = availability.kpi
