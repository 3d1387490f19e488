-- Euros times days that a customer owed us: an event counts from its own day to the month end, the opening balance every day.
-- Without delivered allocations every invoice would stay open for ever: then there are no rows.
with coverage as (
    {{ settlement_coverage() }}
),

months as (
    select * from {{ ref('dim_months') }}
),

events as (
    select events.*
    from {{ ref('fct_receivable_events') }} as events
    cross join coverage
    where not events.is_held_out and events.amount is not null
),

flows as (
    select
        events.customer_id,
        months.month_start_date,
        sum(events.amount) as amount,
        sum(events.amount * ({{ days_between('events.event_date', 'months.month_end_date') }} + 1)) as amount_days
    from events
    inner join months on {{ month_start('events.event_date') }} = months.month_start_date
    group by 1, 2
),

first_months as (
    select
        customer_id,
        min(month_start_date) as first_month_start_date
    from flows
    group by 1
),

balances as (
    select
        first_months.customer_id,
        months.month_start_date,
        months.day_count,
        coalesce(flows.amount_days, 0) as flow_amount_days,
        sum(coalesce(flows.amount, 0)) over (
            partition by first_months.customer_id order by months.month_start_date rows between unbounded preceding and current row
        ) as closing_amount,
        coalesce(flows.amount, 0) as flow_amount
    from first_months
    inner join months on first_months.first_month_start_date <= months.month_start_date
    left join flows on first_months.customer_id = flows.customer_id and months.month_start_date = flows.month_start_date
)

select
    customer_id,
    month_start_date,
    cast(closing_amount as decimal(18, 4)) as closing_amount,
    cast((closing_amount - flow_amount) * day_count + flow_amount_days as decimal(24, 4)) as amount_days
from balances
where closing_amount <> 0 or flow_amount <> 0 or flow_amount_days <> 0
