with night as (
    select * from {{ ref('stg_company__night') }}
),

ledger_controls as (
    select * from {{ ref('stg_ledger__ledger_controls') }}
)

select
    ledger_controls.account,
    ledger_controls.month as control_month,
    ledger_controls.kind,
    ledger_controls.amount
from ledger_controls
cross join night
where ledger_controls.month <= night.report_date
