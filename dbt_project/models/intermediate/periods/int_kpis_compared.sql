-- The company's figures beside what their definition compares them with. An earlier stretch with a month that was not delivered whole is
-- none to compare with.
{%- set months_back = {'month': 1, 'quarter': 3, 'year': 12} %}
with by_period as (
    select * from {{ ref('int_kpis_by_period') }} where scope_type = 'company' and is_known
),

definitions as (
    select * from {{ ref('kpi_definitions') }}
),

revenue as (
    select * from by_period where kpi = 'net_revenue'
),

compared as (
    select
        by_period.*,
        definitions.reference,
        case
            when definitions.reference = 'share_of_revenue' then {{ safe_share('by_period.value', 'revenue.value') }}
            else by_period.value
        end as compared_value
    from by_period
    inner join definitions on by_period.kpi = definitions.kpi
    left join revenue on by_period.period_type = revenue.period_type and by_period.as_of_month = revenue.as_of_month
)

select
    this_period.kpi,
    this_period.period_type,
    this_period.period_start_date,
    this_period.as_of_month,
    this_period.value,
    this_period.compared_value,
    year_before.value as year_before_value,
    case when this_period.reference = 'previous_period' then previous_period.compared_value else year_before.compared_value end as reference_value
from compared as this_period
left join compared as year_before
    on
        this_period.kpi = year_before.kpi
        and this_period.period_type = year_before.period_type
        and year_before.as_of_month = {{ months_later('this_period.as_of_month', -12) }}
        and year_before.is_complete
left join compared as previous_period
    on
        this_period.kpi = previous_period.kpi
        and this_period.period_type = previous_period.period_type
        and previous_period.as_of_month = case this_period.period_type
            {%- for period_type, count in months_back.items() %}
            when '{{ period_type }}' then {{ months_later('this_period.as_of_month', -count) }}
            {%- endfor %}
        end
