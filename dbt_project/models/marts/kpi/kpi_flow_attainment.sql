-- On course: what is due by this day of the quarter is reached; at risk: within a tenth of it; after its last day met or missed. A figure
-- that adds up over the quarter is due in proportion to its days, a rate or a balance in full. Attainment is above 1 where the team does better.
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
        definitions.good_direction,
        targets.is_complete and targets.elapsed_days = targets.quarter_days as is_over,
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
    {{ attained_share('value', target ~ '_target', 'good_direction') }} as {{ target }}_attained_share,
    {%- endfor %}
    elapsed_share,
    {{ target_status('value', 'current_target', 'due_days', 'quarter_days', 'good_direction', 'is_over') }} as flow_status,
    cast(agreement_count as integer) as agreement_count,
    rhythm,
    reward,
    way_of_working,
    change_reason,
    agreed_by
from joined
