-- What a month, its quarter and its year had come to at the month's end: better or worse than what the KPI is compared with, and, for the
-- quarter, what the teams agreed. Amounts and counts of teams add up; of a rate or balance the company has a target only where all teams
-- have the same one.
with compared as (
    select * from {{ ref('int_kpis_compared') }}
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

attainment as (
    select * from {{ ref('kpi_flow_attainment') }}
),

agreed as (
    select
        month_start_date,
        kpi,
        count(*) as team_count,
        count(distinct current_target) as target_count,
        sum(current_target) as total_target,
        max(current_target) as highest_target,
        case when count(value) = count(*) then sum(value) end as total_value
    from attainment
    where current_target is not null
    group by 1, 2
),

joined as (
    select
        compared.*,
        definitions.good_direction,
        definitions.over_time,
        months.is_complete,
        months.is_complete and compared.as_of_month = case compared.period_type
            when 'month' then compared.period_start_date
            when 'quarter' then {{ months_later('compared.period_start_date', 2) }}
            else {{ months_later('compared.period_start_date', 11) }}
        end as is_over,
        {{ days_between('compared.period_start_date', 'months.month_end_date') }} + 1 as elapsed_days,
        {{ days_between('compared.period_start_date', months_later('compared.period_start_date', 3)) }} as quarter_days,
        agreed.team_count,
        case when definitions.over_time = 'sum' then agreed.total_target when agreed.target_count = 1 then agreed.highest_target end as target,
        case when definitions.over_time = 'sum' then agreed.total_value when agreed.target_count = 1 then compared.value end as target_value
    from compared
    inner join definitions on compared.kpi = definitions.kpi
    inner join months on compared.as_of_month = months.month_start_date
    left join agreed on case when compared.period_type = 'quarter' then compared.kpi end = agreed.kpi and compared.as_of_month = agreed.month_start_date
),

judged as (
    select
        *,
        case when over_time = 'sum' then target * elapsed_days else target * quarter_days end as due_days,
        case good_direction
            when 'up' then compared_value - reference_value
            when 'down' then reference_value - compared_value
            when 'towards_zero' then abs(reference_value) - abs(compared_value)
        end as improvement
    from joined
)

select
    as_of_month as month_start_date,
    period_type,
    kpi,
    period_start_date,
    is_complete,
    is_over,
    cast(value as decimal(38, 6)) as value,
    cast(year_before_value as decimal(38, 6)) as year_before_value,
    cast(compared_value as decimal(38, 6)) as compared_value,
    cast(reference_value as decimal(38, 6)) as reference_value,
    case
        when good_direction in ('none', 'towards_target') then 'no verdict'
        when improvement is null then 'nothing to compare'
        when improvement > 0 then 'better'
        when improvement < 0 then 'worse'
        else 'as before'
    end as verdict,
    cast(target as decimal(38, 8)) as target,
    cast(case when target is not null then target_value end as decimal(38, 6)) as target_value,
    cast(case when target is not null then team_count end as integer) as target_team_count,
    {{ attained_share('target_value', 'target', 'good_direction') }} as attained_share,
    case when target is not null then {{ target_status('target_value', 'target', 'due_days', 'quarter_days', 'good_direction', 'is_over') }} end as target_status
from judged
