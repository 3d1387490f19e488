-- KPIs of teams from the start of the quarter to each month end: what stands at a month end is that of the month, rates are a ratio of
-- sums, all else is summed.
{%- set standing_marts = [
    'receivables.receivables_ageing_monthly', 'receivables.days_sales_outstanding_monthly', 'receivables.dso_change_monthly',
    'receivables.overdue_split_monthly', 'receivables.days_to_pay_monthly', 'receivables.provision_monthly',
    'receivables.write_off_budget_monthly', 'receivables.unapplied_cash_monthly'
] %}
{%- set standing_kpis = ['active_customers', 'pipeline_amount', 'waiting_lead_count', 'waiting_lead_amount', 'waiting_lead_age', 'unearned_commission_amount'] %}
with kpis as (
    select * from {{ ref('kpi_values') }} where period_type = 'month' and scope_type = 'team'
),

definitions as (
    select
        *,
        case
            when marts in ('{{ standing_marts | join("', '") }}') or kpi in ('{{ standing_kpis | join("', '") }}') then 'standing'
            when is_rate then 'ratio'
            else 'sum'
        end as rule
    from {{ ref('kpi_definitions') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

to_date as (
    select
        kpis.kpi,
        kpis.scope_id as team,
        months.month_start_date,
        definitions.rule,
        definitions.higher_is_better,
        max(case when kpis.period_start_date = months.month_start_date then kpis.value end) as month_value,
        sum(kpis.value) as summed_value,
        sum(kpis.numerator) as numerator,
        sum(kpis.denominator) as denominator
    from kpis
    inner join definitions on kpis.kpi = definitions.kpi
    inner join months
        on kpis.period_start_date >= months.quarter_start_date and kpis.period_start_date <= months.month_start_date
    group by 1, 2, 3, 4, 5
)

select
    kpi,
    team,
    month_start_date,
    rule,
    higher_is_better,
    cast(case rule
        when 'standing' then month_value
        when 'ratio' then {{ safe_share('numerator', 'denominator') }}
        else summed_value
    end as decimal(38, 6)) as value
from to_date
