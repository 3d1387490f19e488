-- A KPI whose entities are not delivered has one row that says so: it is never 0 and never silently absent.
{%- set families = [
    'revenue', 'receivables', 'days_outstanding', 'customers', 'pipeline', 'invoice_quality', 'customer_accounting',
    'customer_value', 'collection', 'payment', 'growth', 'commission', 'customers_owned'
] %}
with night as (
    select * from {{ ref('stg_company__night') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

availability as (
    select * from {{ ref('int_kpi_availability') }}
),

families as (
    {%- for family in families %}
    select * from {{ ref('int_kpi_' ~ family) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

measured as (
    select
        families.kpi,
        families.period_type,
        families.period_start_date,
        families.scope_type,
        families.scope_id,
        families.value,
        families.numerator,
        families.denominator,
        case
            when families.unvalued_count > 0 or families.bounded_value <> families.value then 'quarantine_bounded'
            when families.is_complete then 'final'
            else 'provisional'
        end as status,
        case
            when families.unvalued_count > 0 and families.reason is not null
                then families.reason || '; ' || families.unvalued_count || ' documents have no exchange rate'
            when families.unvalued_count > 0 then families.unvalued_count || ' documents have no exchange rate'
            else families.reason
        end as reason,
        least(families.value, families.bounded_value) as low_value,
        greatest(families.value, families.bounded_value) as high_value
    from families
    inner join availability on families.kpi = availability.kpi and availability.is_available
),

unmeasured as (
    select
        availability.kpi,
        'month' as period_type,
        {{ month_start('night.report_date') }} as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        cast(null as decimal(38, 6)) as value,
        cast(null as decimal(38, 6)) as numerator,
        cast(null as decimal(38, 6)) as denominator,
        'not_available' as status,
        coalesce(availability.reason, 'delivered, but without a row up to the report date') as reason,
        cast(null as decimal(38, 6)) as low_value,
        cast(null as decimal(38, 6)) as high_value
    from availability
    cross join night
    left join (select distinct kpi from measured) as known on availability.kpi = known.kpi
    where known.kpi is null
),

all_values as (
    select * from measured
    union all
    select * from unmeasured
)

select
    all_values.kpi,
    all_values.period_type,
    all_values.period_start_date,
    all_values.scope_type,
    all_values.scope_id,
    all_values.value,
    all_values.numerator,
    all_values.denominator,
    definitions.unit,
    all_values.status,
    all_values.reason,
    all_values.low_value,
    all_values.high_value,
    night.report_date,
    night.run_id
from all_values
cross join night
inner join definitions on all_values.kpi = definitions.kpi
