-- Whether what a lever is worth can be known: the weakest status of the KPIs that it is worth by, over the months that they are taken of, and which row of
-- kpi_values says why. A KPI that is never known has one row, which speaks for all months; one that lacks a month without a word has none that says why.
{%- set window_months = 12 %}
{%- set statuses = ['not_available', 'provisional', 'quarantine_bounded', 'final'] %}
with months as (
    select * from {{ ref('dim_months') }} where is_complete
),

levers as (
    {%- for lever, kpis in levers().items() %}
    {%- set is_last = loop.last %}
    {%- for kpi in kpis %}
    select '{{ lever }}' as lever, '{{ kpi }}' as kpi, '{{ kpis[0] }}' as moved_kpi, {{ loop.index }} as kpi_rank, {{ 1 if kpi in levers_of_a_month() else window_months }} as month_count
    {%- if not (is_last and loop.last) %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endfor %}
),

company_months as (
    select
        kpi,
        period_start_date,
        reason,
        case status {% for status in statuses %}when '{{ status }}' then {{ loop.index }} {% endfor %}end as status_rank,
        max(case when status = 'not_available' then 0 else 1 end) over (partition by kpi) = 0 as is_never_known,
        row_number() over (partition by kpi order by period_start_date desc) as recency
    from {{ ref('kpi_values') }}
    where scope_type = 'company' and period_type = 'month'
),

-- The months that a figure of a KPI is taken for.
spoken as (
    select
        company_months.*,
        lengths.month_count,
        case when company_months.is_never_known then cast('0001-01-01' as date) else company_months.period_start_date end as first_month,
        case when company_months.is_never_known then cast('9999-12-31' as date) else {{ months_later('company_months.period_start_date', 'lengths.month_count - 1') }} end as last_month
    from company_months
    cross join (select distinct levers.month_count from levers) as lengths
    where not company_months.is_never_known or company_months.recency = 1
),

taken as (
    select
        months.month_start_date,
        levers.lever,
        levers.moved_kpi,
        levers.kpi,
        levers.kpi_rank,
        spoken.period_start_date,
        spoken.reason,
        spoken.status_rank as told_rank,
        case when count(spoken.kpi) over (partition by months.month_start_date, levers.lever, levers.kpi) < levers.month_count then 1
            else spoken.status_rank end as status_rank
    from months
    cross join levers
    left join spoken
        on
            levers.kpi = spoken.kpi and levers.month_count = spoken.month_count
            and months.month_start_date between spoken.first_month and spoken.last_month
),

ranked as (
    select
        *,
        row_number() over (
            partition by month_start_date, lever order by status_rank, told_rank nulls last, kpi_rank, period_start_date desc
        ) as place
    from taken
)

select
    month_start_date,
    lever,
    moved_kpi as kpi,
    case status_rank {% for status in statuses %}when {{ loop.index }} then '{{ status }}' {% endfor %}end as status,
    {%- for column in ['kpi', 'reason', 'period_start_date'] %}
    case when told_rank = status_rank and told_rank < {{ statuses | length }} then {{ column }} end as {{ column if column == 'reason' else 'reason_' ~ column }}
    {{- ',' if not loop.last }}
    {%- endfor %}
from ranked
where place = 1
