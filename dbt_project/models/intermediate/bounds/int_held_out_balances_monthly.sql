-- What each document that is held out leaves open at a month end, at the closing rate: in its bucket, in all, and overdue.
with events as (
    select
        *,
        coalesce(invoice_id, 'payment ' || payment_id) as document_id
    from {{ ref('int_receivable_events_open') }}
    where is_held_out
),

months as (
    select * from {{ ref('dim_months') }}
),

night as (
    select * from {{ ref('stg_company__night') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

standing as (
    select
        events.document_id,
        months.month_start_date,
        months.month_end_date,
        events.salesperson_id,
        events.industry_code,
        events.size_class,
        events.currency,
        events.item_class,
        events.instalment_number,
        events.due_date,
        sum(events.document_amount) as document_amount,
        sum(events.amount) as booked_amount
    from events
    inner join months
        on
            events.event_date <= months.month_end_date
            and (events.settled_date is null or months.month_end_date < events.settled_date)
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
),

open_items as (
    select
        standing.*,
        {{ ageing_bucket('standing.item_class', 'standing.due_date', 'standing.month_end_date', 'standing.document_amount') }} as bucket,
        case
            when standing.currency = night.reporting_currency then standing.booked_amount
            else {{ converted('standing.document_amount', 'rates.rate') }}
        end as amount
    from standing
    cross join night
    left join rates on standing.currency = rates.currency and standing.month_end_date = rates.valid_date
)

{% for measure, condition in [('bucket', 'true'), ("'receivables'", 'true'), ("'overdue'", "bucket like 'overdue%'")] %}
select
    document_id,
    month_start_date,
    salesperson_id,
    industry_code,
    size_class,
    {{ measure }} as measure,
    sum(amount) as amount
from open_items
where {{ condition }}
group by 1, 2, 3, 4, 5, 6
having sum(amount) <> 0
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
