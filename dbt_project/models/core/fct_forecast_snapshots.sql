with night as (
    select * from {{ ref('stg_company__night') }}
),

forecast_snapshots as (
    select * from {{ ref('stg_customer_relations__forecast_snapshots') }}
)

select
    forecast_snapshots.snapshot_date,
    forecast_snapshots.salesperson_id,
    forecast_snapshots.period as forecast_month,
    forecast_snapshots.amount,
    forecast_snapshots.opportunity_id,
    forecast_snapshots.stage
from forecast_snapshots
cross join night
where forecast_snapshots.snapshot_date <= night.report_date
