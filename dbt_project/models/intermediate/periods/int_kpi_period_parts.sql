-- The months that make a quarter (company, teams, salespeople) or a year (company), as the period stood at the end of each of them.
with measured as (
    select * from {{ ref('int_kpis_measured') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

calendar as (
    select * from {{ ref('dim_months') }}
),

months as (
    select
        measured.*,
        definitions.over_time
    from measured
    inner join definitions on measured.kpi = definitions.kpi
    where measured.period_type = 'month' and definitions.over_time in ('sum', 'ratio', 'month end')
),

parts as (
    {%- for period_type, scope_types in [('quarter', ['company', 'salesperson', 'team']), ('year', ['company'])] %}
    select
        months.kpi,
        '{{ period_type }}' as period_type,
        as_of.{{ period_type }}_start_date as period_start_date,
        as_of.month_start_date as as_of_month,
        months.scope_type,
        months.scope_id,
        months.over_time,
        months.value,
        months.numerator,
        months.denominator,
        months.bounded_value,
        months.bounded_numerator,
        months.bounded_denominator,
        months.is_known,
        months.is_complete,
        months.unvalued_count,
        months.reasons
    from months
    inner join calendar on months.period_start_date = calendar.month_start_date
    inner join calendar as as_of
        on
            calendar.{{ period_type }}_start_date = as_of.{{ period_type }}_start_date
            and calendar.month_start_date <= as_of.month_start_date
            and (months.over_time <> 'month end' or calendar.month_start_date = as_of.month_start_date)
    where months.scope_type in ('{{ scope_types | join("', '") }}')
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select * from parts
