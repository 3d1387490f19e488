-- What keeps a customer active: a contract as long as it runs, and a purchase until the first day on which its gap is exceeded. What is bought
-- while a contract runs adds no gap: the customer is lost when the contract is. A span is what follows on each other without a day between.
with night as (
    select * from {{ ref('stg_company__night') }}
),

purchase_days as (
    select * from {{ ref('int_customer_purchase_days') }}
),

contracts as (
    select * from {{ ref('int_contracts_running') }}
),

running as (
    select
        'kept' as basis,
        *
    from contracts
    union all
    select
        'all',
        *
    from contracts
    where customer_id in (select customer_id from purchase_days where basis = 'all')
),

reasons as (
    select
        basis,
        customer_id,
        started_date,
        lapse_date,
        true as is_contract,
        cast(null as integer) as gap_days
    from running
    union all
    select
        purchase_days.basis,
        purchase_days.customer_id,
        purchase_days.purchase_date,
        purchase_days.purchase_date + purchase_days.gap_days + 1,
        false,
        purchase_days.gap_days
    from purchase_days
    left join running
        on
            purchase_days.basis = running.basis
            and purchase_days.customer_id = running.customer_id
            and purchase_days.purchase_date >= running.started_date
            and purchase_days.purchase_date < running.lapse_date
    where running.customer_id is null
),

followed as (
    select
        *,
        max(lapse_date) over (
            partition by basis, customer_id order by started_date, is_contract rows between unbounded preceding and 1 preceding
        ) as lapsed_date
    from reasons
),

numbered as (
    select
        *,
        sum(case when lapsed_date >= started_date + case when is_contract then -1 else 1 end then 0 else 1 end) over (
            partition by basis, customer_id order by started_date, is_contract
        ) as span_number
    from followed
),

spans as (
    select
        basis,
        customer_id,
        span_number,
        min(started_date) as started_date,
        max(case when not is_contract then started_date end) as last_purchase_date,
        {{ latest_value('gap_days', 'started_date') }} as gap_days,
        max(lapse_date) as lapse_date
    from numbered
    group by 1, 2, 3
)

select
    spans.basis,
    spans.customer_id,
    cast(spans.span_number as integer) as span_number,
    spans.started_date,
    spans.last_purchase_date,
    spans.gap_days,
    case when spans.lapse_date <= night.observed_until_date then spans.lapse_date end as churned_date
from spans
cross join night
