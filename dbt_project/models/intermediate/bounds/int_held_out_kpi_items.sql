-- What each item that is held out would add to numerator and denominator of a KPI's period and scope if it were released alone, by
-- seeds/kpi_bound_parts.csv. Of what is learned or ranked over all it is not known: only that it moves. An open item without due date may or may not be overdue: its numerator has a low and a high side.
with parts as (
    select * from {{ ref('kpi_bound_parts') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

kpi_periods as (
    select * from {{ ref('int_kpi_bound_figures') }}
),

receivable_periods as (
    select * from {{ ref('int_receivables_by_period') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

items as (
    {%- for relation in ['int_held_out_balances_monthly', 'int_held_out_flows_monthly', 'int_held_out_customers_monthly'] %}
    select * from {{ ref(relation) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

scoped as (
    {{ scoped_sums('items', ['document_id', 'month_start_date', 'measure'], ['amount']) }}
),

asked as (
    select
        kpi_periods.kpi,
        kpi_periods.period_type,
        kpi_periods.period_start_date,
        kpi_periods.as_of_month,
        kpi_periods.scope_type,
        kpi_periods.scope_id,
        parts.part,
        parts.measure,
        parts.factor * case parts.unit
            when 'days' then receivable_periods.day_count
            when 'months' then receivable_periods.month_count
            when 'maximum share' then parameters.annual_write_off_maximum_share
            else 1
        end as factor,
        case parts.moment
            when 'closing' then kpi_periods.as_of_month
            when 'opening' then {{ months_later('kpi_periods.period_start_date', -1) }}
            when 'year before' then {{ months_later('kpi_periods.period_start_date', -12) }}
            when 'twelve months' then {{ months_later('kpi_periods.as_of_month', -11) }}
            when 'year to date' then {{ year_start('kpi_periods.as_of_month') }}
            else kpi_periods.period_start_date
        end as first_month,
        case parts.moment
            when 'opening' then {{ months_later('kpi_periods.period_start_date', -1) }}
            when 'year before' then {{ months_later('kpi_periods.as_of_month', -12) }}
            else kpi_periods.as_of_month
        end as last_month
    from kpi_periods
    cross join parameters
    inner join parts on kpi_periods.kpi = parts.kpi
    left join receivable_periods
        on
            kpi_periods.period_type = receivable_periods.period_type
            and kpi_periods.period_start_date = receivable_periods.period_start_date
            and kpi_periods.as_of_month = receivable_periods.as_of_month
            and kpi_periods.scope_type = receivable_periods.scope_type
            and kpi_periods.scope_id = receivable_periods.scope_id
)

select
    asked.kpi,
    asked.period_type,
    asked.period_start_date,
    asked.scope_type,
    asked.scope_id,
    scoped.document_id,
    max(case when asked.part = 'unknown' then 1 else 0 end) = 1 as is_unknown,
    {%- for column, amount in {
        'low_numerator': "case asked.part when 'numerator' then asked.factor * scoped.amount when 'numerator perhaps' then least(asked.factor * scoped.amount, 0) end",
        'high_numerator': "case asked.part when 'numerator' then asked.factor * scoped.amount when 'numerator perhaps' then greatest(asked.factor * scoped.amount, 0) end",
        'denominator': "case asked.part when 'denominator' then asked.factor * scoped.amount end",
    }.items() %}
    cast(coalesce(sum({{ amount }}), 0) as decimal(38, 6)) as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from asked
inner join scoped
    on
        asked.scope_type = scoped.scope_type
        and asked.scope_id = scoped.scope_id
        and asked.measure = scoped.measure
        and scoped.month_start_date between asked.first_month and asked.last_month
group by 1, 2, 3, 4, 5, 6
