-- A KPI that rests on an entity which began long after the invoices is known from that entity's first complete month on: what was paid, shipped
-- or asked before was not delivered, and is neither open nor nothing. Three months of grace: the first invoices are paid two months later. Where
-- another entity does as well, the later one decides nothing.
with observed as (
    select * from {{ ref('dim_observations') }}
),

invoices as (
    select first_complete_month_start_date from observed where entity = 'invoices'
),

coverage as (
    select * from {{ ref('stg_company__entity_coverage') }} where is_delivered
),

requirements as (
    select requirements.*
    from {{ ref('kpi_requirements') }} as requirements
    left join coverage on ' ' || coalesce(requirements.or_entity, '') || ' ' like '% ' || coverage.entity || ' %'
    where coverage.entity is null
)

select
    requirements.kpi,
    max(observed.first_complete_month_start_date) as known_from_month
from requirements
inner join observed on requirements.entity = observed.entity
inner join invoices on observed.first_complete_month_start_date > {{ months_later('invoices.first_complete_month_start_date', 3) }}
group by 1
