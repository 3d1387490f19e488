-- A KPI whose entities are not delivered has one row that says so: it is never 0 and never silently absent.
with night as (
    select * from {{ ref('stg_company__night') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

availability as (
    select * from {{ ref('int_kpi_availability') }}
),

by_period as (
    select * from {{ ref('int_kpis_by_period') }} where is_latest
),

held_out as (
    select * from {{ ref('int_held_out_by_period') }}
),

measured as (
    select
        kpi,
        period_type,
        period_start_date,
        scope_type,
        scope_id,
        value,
        numerator,
        denominator,
        case
            when unvalued_count > 0 or bounded_value <> value then 'quarantine_bounded'
            when is_complete then 'final'
            else 'provisional'
        end as status,
        case
            when unvalued_count > 0 and reason is not null
                then reason || '; ' || unvalued_count || ' documents have no exchange rate'
            when unvalued_count > 0 then unvalued_count || ' documents have no exchange rate'
            else reason
        end as reason,
        least(value, bounded_value) as low_value,
        greatest(value, bounded_value) as high_value
    from by_period
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
    {%- for measure, engine_type in [('count', 'bigint'), ('gross_amount', 'decimal(18, 4)')] %}
    cast(case
        when all_values.status <> 'quarantine_bounded' then 0
        when definitions.over_time in ('sum', 'ratio') and held_out.issued_count > 0 then held_out.issued_{{ measure }}
        else coalesce(held_out.standing_{{ measure }}, 0)
    end as {{ engine_type }}) as held_out_{{ 'invoice_' if measure == 'count' }}{{ measure }},
    {%- endfor %}
    night.report_date,
    night.run_id
from all_values
cross join night
inner join definitions on all_values.kpi = definitions.kpi
left join held_out
    on
        all_values.period_type = held_out.period_type
        and all_values.period_start_date = held_out.period_start_date
        and all_values.scope_type = held_out.scope_type
        and all_values.scope_id = held_out.scope_id
