-- Age counts from the day on which the payment came in. Ageing converts what a customer has in a currency at once: converted on the
-- cumulative, its payments sum to the same cent.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

events as (
    select * from {{ ref('int_receivable_events_open') }} where item_class = 'payment'
),

payments as (
    select * from {{ ref('fct_payments') }}
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
        events.payment_id,
        events.customer_id,
        events.salesperson_id,
        events.currency,
        events.is_held_out,
        payments.received_date,
        -sum(events.document_amount) as document_amount,
        -sum(events.amount) as booked_amount
    from events
    inner join payments on events.payment_id = payments.payment_id
    inner join months
        on
            events.event_date <= months.month_end_date
            and (events.settled_date is null or months.month_end_date < events.settled_date)
    group by 1, 2, 3, 4, 5, 6, 7, 8
),

aged as (
    select
        standing.*,
        {{ days_between('standing.received_date', 'standing.month_end_date') }} as age_days,
        case
            when standing.currency = night.reporting_currency then standing.booked_amount
            else {{ converted_cumulatively(
                'standing.document_amount', 'rates.rate',
                'standing.month_start_date, standing.customer_id, standing.salesperson_id, standing.currency, standing.is_held_out', 'standing.payment_id'
            ) }}
        end as amount
    from standing
    cross join night
    left join rates on standing.currency = rates.currency and standing.month_end_date = rates.valid_date
    where standing.document_amount <> 0
),

payments_aged as (
    select
        aged.*,
        case when not aged.is_held_out then aged.amount end as kept_amount,
        case when not aged.is_held_out then aged.age_days end as kept_age_days,
        case when aged.is_held_out then aged.amount end as held_out_amount
    from aged
)

select
    payments_aged.month_start_date,
    payments_aged.customer_id,
    payments_aged.salesperson_id,
    count(payments_aged.kept_age_days) as payment_count,
    {{ money_sum('payments_aged.kept_amount') }} as unapplied_amount,
    {{ money_sum('case when payments_aged.age_days > parameters.unapplied_cash_norm_days then payments_aged.kept_amount end') }} as unapplied_beyond_norm_amount,
    cast(coalesce(sum(payments_aged.kept_amount * payments_aged.age_days), 0) as decimal(24, 4)) as unapplied_amount_days,
    {{ safe_share('sum(payments_aged.kept_amount * payments_aged.age_days)', 'sum(payments_aged.kept_amount)') }} as average_age_days,
    cast(max(payments_aged.kept_age_days) as integer) as oldest_age_days,
    {{ money_sum('payments_aged.held_out_amount') }} as held_out_unapplied_amount,
    cast(coalesce(sum(payments_aged.held_out_amount * payments_aged.age_days), 0) as decimal(24, 4)) as held_out_unapplied_amount_days
from payments_aged
cross join parameters
group by 1, 2, 3
