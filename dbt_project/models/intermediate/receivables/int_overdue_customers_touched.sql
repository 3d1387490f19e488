-- The last thing that was done to collect what a customer owes now, and its latest promise: about the invoices that are overdue, or
-- about the customer as a whole. What was done about invoices that are settled says nothing of today.
with worklist as (
    select * from {{ ref('overdue_worklist') }}
),

activities as (
    select * from {{ ref('fct_collection_activities') }}
),

late as (
    select distinct invoice_id from worklist
),

touched as (
    select
        activities.*,
        row_number() over (partition by activities.customer_id order by activities.happened_at desc, activities.activity_id desc) as place,
        row_number() over (
            partition by activities.customer_id, case when activities.promised_date is null then 0 else 1 end
            order by activities.happened_at desc, activities.activity_id desc
        ) as promise_place,
        max(activities.dunning_level) over (partition by activities.customer_id) as highest_dunning_level
    from activities
    left join late on activities.invoice_id = late.invoice_id
    where activities.customer_id is not null and (activities.invoice_id is null or late.invoice_id is not null)
),

promises as (
    select * from touched where promise_place = 1 and promised_date is not null
)

select
    touched.customer_id,
    touched.happened_date as last_activity_date,
    touched.kind as last_activity_kind,
    touched.department as last_activity_department,
    touched.highest_dunning_level,
    promises.promised_date
from touched
left join promises on touched.customer_id = promises.customer_id
where touched.place = 1
