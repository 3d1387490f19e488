-- On course: what is due by this day of the quarter is reached; at risk: within a tenth of it. A figure that adds up over the quarter
-- is due in proportion to its days, a rate or a balance in full. Attainment is above 1 where the team does better.
with targets as (
    select * from {{ ref('int_targets_monthly') }}
),

team_values as (
    select * from {{ ref('int_kpis_by_period') }} where period_type = 'quarter' and scope_type = 'team'
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

joined as (
    select
        targets.*,
        team_values.value,
        definitions.higher_is_better,
        {{ safe_share('targets.elapsed_days', 'targets.quarter_days') }} as elapsed_share,
        case
            when definitions.over_time = 'sum' then targets.current_target * targets.elapsed_days
            else targets.current_target * targets.quarter_days
        end as due_days
    from targets
    inner join definitions on targets.kpi = definitions.kpi
    left join team_values
        on targets.kpi = team_values.kpi and targets.team = team_values.scope_id and targets.month_start_date = team_values.as_of_month
)

select
    month_start_date,
    team,
    kpi,
    quarter_start_date,
    month_end_date as as_of_date,
    is_complete,
    role,
    cast(original_target as decimal(38, 8)) as original_target,
    cast(current_target as decimal(38, 8)) as current_target,
    day_weighted_target,
    value,
    {%- for target in ['original', 'current', 'day_weighted'] %}
    case
        when higher_is_better then {{ safe_share('value', target ~ '_target') }}
        else {{ safe_share(target ~ '_target', 'value') }}
    end as {{ target }}_attained_share,
    {%- endfor %}
    elapsed_share,
    case
        when current_target is null then 'replaced'
        when value is null then 'not known'
        when higher_is_better and value * quarter_days >= due_days then 'on course'
        when higher_is_better and value * quarter_days * 10 >= due_days * 9 then 'at risk'
        when not higher_is_better and value * quarter_days <= due_days then 'on course'
        when not higher_is_better and value * quarter_days * 10 <= due_days * 11 then 'at risk'
        else 'off course'
    end as flow_status,
    cast(agreement_count as integer) as agreement_count,
    rhythm,
    reward,
    way_of_working,
    change_reason,
    agreed_by
from joined
