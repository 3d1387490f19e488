-- Cash that came in on overdue invoices, and how much of it after sales had acted on the invoice, or on its customer, since the
-- due date and at most so many days before; on held-out invoices beside.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

events as (
    select * from {{ ref('int_receivable_events_due') }} where item_class = 'invoice' and event_type in ('cash_applied', 'reversed')
),

activities as (
    select * from {{ ref('fct_collection_activities') }} where department = 'sales'
),

overdue_cash as (
    select
        events.source_id,
        events.event_date,
        events.invoice_id,
        events.customer_id,
        events.salesperson_id,
        events.is_held_out,
        events.due_date,
        -events.amount as amount
    from events
    where events.due_date < events.event_date
),

helped as (
    select distinct overdue_cash.source_id
    from overdue_cash
    cross join parameters
    inner join activities
        on
            overdue_cash.customer_id = activities.customer_id
            and coalesce(activities.invoice_id, overdue_cash.invoice_id) = overdue_cash.invoice_id
            and overdue_cash.due_date < activities.happened_date
            and overdue_cash.event_date >= activities.happened_date
            and {{ days_between('activities.happened_date', 'overdue_cash.event_date') }} <= parameters.sales_help_days
)

select
    {{ month_start('overdue_cash.event_date') }} as month_start_date,
    overdue_cash.salesperson_id,
    coalesce(sum(case when not overdue_cash.is_held_out then overdue_cash.amount end), 0) as collected_overdue_amount,
    coalesce(sum(case when not overdue_cash.is_held_out and helped.source_id is not null then overdue_cash.amount end), 0) as collected_with_sales_help_amount,
    coalesce(sum(case when overdue_cash.is_held_out and helped.source_id is not null then overdue_cash.amount end), 0)
        as held_out_collected_with_sales_help_amount
from overdue_cash
left join helped on overdue_cash.source_id = helped.source_id
group by 1, 2
