with night as (
    select * from {{ ref('stg_company__night') }}
),

salespeople as (
    select * from {{ ref('stg_customer_relations__salespeople') }}
),

with_unknown as (
    select
        salespeople.salesperson_id,
        salespeople.name,
        salespeople.team,
        salespeople.manager,
        salespeople.department,
        salespeople.started_date,
        case when salespeople.left_date <= night.report_date then salespeople.left_date end as left_date
    from salespeople
    cross join night
    where salespeople.salesperson_id <> 'unknown'
    union all
    select 'unknown', 'unknown', 'unknown', null, null, null, null
)

select
    salesperson_id,
    name,
    team,
    manager,
    department,
    started_date,
    left_date
from with_unknown
