-- The open invoices behind int_receivables_open_monthly, one by one, instalment by instalment. Foreign currency is rounded on the cumulative within the
-- groups of that model, so that the invoices sum to its amounts to the cent.
with night as (
    select * from {{ ref('stg_company__night') }}
),

events as (
    select * from {{ ref('int_receivable_events_open') }} where item_class = 'invoice'
),

months as (
    select * from {{ ref('dim_months') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

standing as (
    select
        months.month_start_date,
        months.month_end_date,
        events.invoice_id,
        events.instalment_number,
        events.customer_id,
        events.salesperson_id,
        events.industry_code,
        events.size_class,
        events.currency,
        events.is_held_out,
        events.issued_date,
        events.due_date,
        sum(events.document_amount) as document_amount,
        sum(events.amount) as booked_amount
    from events
    inner join months
        on
            events.event_date <= months.month_end_date
            and (events.settled_date is null or months.month_end_date < events.settled_date)
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    having sum(events.document_amount) <> 0 or coalesce(sum(events.amount), 0) <> 0
),

rated as (
    select
        standing.*,
        {{ ageing_bucket("'invoice'", 'standing.due_date', 'standing.month_end_date', 'standing.document_amount') }} as bucket,
        {{ month_start('standing.issued_date') }} as issued_month,
        standing.currency = night.reporting_currency as is_reporting_currency,
        rates.rate as closing_rate
    from standing
    cross join night
    left join rates on standing.currency = rates.currency and standing.month_end_date = rates.valid_date
)

select
    month_start_date,
    month_end_date,
    invoice_id,
    instalment_number,
    customer_id,
    salesperson_id,
    industry_code,
    size_class,
    is_held_out,
    issued_date,
    due_date,
    bucket,
    case when bucket like 'overdue%' then {{ days_between('due_date', 'month_end_date') }} else 0 end as late_days,
    case
        when is_reporting_currency then cast(booked_amount as decimal(18, 4))
        else {{ converted_cumulatively(
            'document_amount', 'closing_rate',
            'month_start_date, customer_id, salesperson_id, industry_code, size_class, currency, is_held_out, bucket, issued_month', 'invoice_id, instalment_number'
        ) }}
    end as open_amount
from rated
