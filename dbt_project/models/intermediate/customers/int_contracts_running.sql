-- From when to when a contract makes its customer active: its first day (or that of the data) to the first day on which it no longer runs, or
-- the notice where no end is known. One that was renewed runs until its renewal, however late that was signed.
with contracts as (
    select * from {{ ref('fct_contracts') }}
),

customers as (
    select * from {{ ref('dim_customers') }} where not is_unknown
),

first_month as (
    select min(month_start_date) as first_date from {{ ref('dim_months') }}
),

renewals as (
    select
        renews_contract_id,
        min(started_date) as renewed_date
    from contracts
    group by 1
),

dated as (
    select
        contracts.contract_id,
        contracts.customer_id,
        greatest(contracts.started_date, first_month.first_date) as started_date,
        greatest(coalesce(contracts.ended_date, contracts.notice_date, date '9999-12-31'), renewals.renewed_date) as lapse_date
    from contracts
    cross join first_month
    inner join customers on contracts.customer_id = customers.customer_id
    left join renewals on contracts.contract_id = renewals.renews_contract_id
)

select * from dated where started_date < lapse_date
