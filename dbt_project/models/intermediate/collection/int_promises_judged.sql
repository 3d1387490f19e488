-- What became of promises to pay: the latest one about each invoice, because a promise that is made anew takes the place of the former. Kept is what was
-- settled up to three days after the day that was promised: a bank takes a weekend. What is still to come runs.
{%- set grace_days = 3 %}
with night as (
    select * from {{ ref('stg_company__night') }}
),

activities as (
    select * from {{ ref('fct_collection_activities') }} where promised_date is not null and invoice_id is not null
),

items as (
    select * from {{ ref('int_receivable_items_settled') }} where item_class = 'invoice'
),

latest as (
    select
        *,
        row_number() over (partition by invoice_id order by happened_at desc, activity_id desc) as place
    from activities
)

select
    latest.invoice_id,
    latest.customer_id,
    latest.happened_date as made_date,
    latest.promised_date,
    case
        when items.settled_date <= latest.promised_date + {{ grace_days }} then 'kept'
        when latest.promised_date + {{ grace_days }} < night.report_date then 'broken'
        else 'running'
    end as promise_state
from latest
cross join night
left join items on latest.invoice_id = items.invoice_id
where latest.place = 1
