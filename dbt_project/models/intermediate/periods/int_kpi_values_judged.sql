-- Each figure with its status, the weaker of all that bear on it (not available, provisional, bounded, final), and with all reasons.
-- A KPI whose entities are not delivered has one row that says so: it is never 0 and never silently absent.
{%- set key = ['kpi', 'period_type', 'period_start_date', 'scope_type', 'scope_id'] %}
with night as (
    select * from {{ ref('stg_company__night') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

availability as (
    select * from {{ ref('int_kpi_availability') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

by_period as (
    select * from {{ ref('int_kpis_bounded') }}
),

held_out as (
    select * from {{ ref('int_held_out_by_period') }}
),

moved as (
    select
        by_period.*,
        definitions.over_time,
        known.known_from_month,
        by_period.is_known and coalesce(by_period.period_start_date >= known.known_from_month, true) as is_observed,
        coalesce(by_period.unvalued_count > 0 or by_period.is_unbounded or by_period.low_value <> by_period.high_value, false) as is_bounded
    from by_period
    inner join definitions on by_period.kpi = definitions.kpi
    left join {{ ref('int_kpi_known_from') }} as known on by_period.kpi = known.kpi
),

bounded as (
    select
        moved.*,
        {%- for measure, engine_type in [('count', 'bigint'), ('gross_amount', 'decimal(18, 4)')] %}
        cast(case
            when not moved.is_bounded or not moved.is_observed then 0
            when moved.over_time in ('sum', 'ratio') and held_out.issued_count > 0 then held_out.issued_{{ measure }}
            else coalesce(held_out.standing_{{ measure }}, 0)
        end as {{ engine_type }}) as held_out_{{ 'invoice_' if measure == 'count' }}{{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from moved
    left join held_out
        on
            moved.period_type = held_out.period_type
            and moved.period_start_date = held_out.period_start_date
            and moved.scope_type = held_out.scope_type
            and moved.scope_id = held_out.scope_id
),

measured as (
    select
        {% for column in key %}bounded.{{ column }}, {% endfor %}
        {%- for figure in ['value', 'numerator', 'denominator', 'low_value', 'high_value'] %}
        case when bounded.is_observed or not bounded.is_known then bounded.{{ figure }} end as {{ figure }},
        {%- endfor %}
        case
            when not bounded.is_observed then 'not_available'
            when not bounded.is_complete then 'provisional'
            when bounded.is_bounded then 'quarantine_bounded'
            else 'final'
        end as status,
        {{ reasons_joined('bounded.reasons', reason_list([
            reason_when('bounded.is_known and not bounded.is_observed', 'window_not_observed', date='bounded.known_from_month'),
            reason_when('bounded.is_observed and not periods.is_complete', 'running_period', count='periods.known_day_count', of_count='periods.day_count'),
            reason_when('bounded.is_observed and bounded.unvalued_count > 0', 'no_exchange_rate', count='bounded.unvalued_count'),
            reason_when('bounded.held_out_invoice_count > 0', 'held_out', count='bounded.held_out_invoice_count', amount='bounded.held_out_gross_amount'),
        ])) }} as reasons,
        bounded.held_out_invoice_count,
        bounded.held_out_gross_amount
    from bounded
    inner join periods on bounded.period_type = periods.period_type and bounded.period_start_date = periods.period_start_date
),

unmeasured as (
    select
        availability.kpi,
        'month' as period_type,
        {{ month_start('night.report_date') }} as period_start_date,
        'company' as scope_type,
        'company' as scope_id,
        {%- for figure in ['value', 'numerator', 'denominator', 'low_value', 'high_value'] %}
        cast(null as decimal(38, 6)) as {{ figure }},
        {%- endfor %}
        'not_available' as status,
        case when availability.is_available then {{ reason_list([reason('no_rows')]) }} else availability.reasons end as reasons,
        cast(0 as bigint) as held_out_invoice_count,
        cast(0 as decimal(18, 4)) as held_out_gross_amount
    from availability
    cross join night
    left join (select distinct kpi from measured) as known on availability.kpi = known.kpi
    where known.kpi is null
)

select * from measured
union all
select * from unmeasured
