-- Each thing that was done to collect an overdue invoice while it was open, in its order: how many there were before it, and the day of the next one.
-- Two on one day are one step: that of the highest level, or else of the last one.
with items as (
    select * from {{ ref('int_dunning_items') }}
),

activities as (
    select * from {{ ref('fct_collection_activities') }} where invoice_id is not null and not is_before_due
),

daily as (
    select
        *,
        row_number() over (
            partition by invoice_id, happened_date order by dunning_level desc nulls last, happened_at desc, activity_id desc
        ) as day_place
    from activities
)

select
    daily.activity_id,
    daily.invoice_id,
    items.customer_id,
    items.size_class,
    items.amount_band,
    items.lateness_band,
    items.amount,
    items.settled_date,
    items.is_collected,
    daily.happened_date,
    cast({{ days_between('items.due_date', 'daily.happened_date') }} as integer) as late_days,
    coalesce(daily.dunning_level, 0) as dunning_level,
    daily.kind as channel,
    daily.department,
    cast(row_number() over (partition by daily.invoice_id order by daily.happened_date) - 1 as integer) as steps_before,
    lead(daily.happened_date) over (partition by daily.invoice_id order by daily.happened_date) as next_step_date
from daily
inner join items on daily.invoice_id = items.invoice_id
where
    daily.day_place = 1
    and items.due_date < daily.happened_date
    and (items.settled_date is null or daily.happened_date < items.settled_date)
