-- What a call before the due date changes, in days and in euros x days: invoices that were called about against those of the same customer
-- that were not, due in the year before the last 30 days. Days late run to the report date where nothing was paid; invoices with an error of
-- ours are left out. The interval holds the effect in 95 of 100 cases (variance within customers); one that holds nothing shows no effect.
with night as (
    select * from {{ ref('stg_company__night') }}
),

judged as (
    select
        invoices.customer_id,
        invoices.is_called,
        invoices.gross_amount,
        {{ days_between('invoices.due_date', 'coalesce(invoices.settled_date, night.report_date)') }} as late_days
    from {{ ref('int_invoices_judged') }} as invoices
    cross join night
    where
        invoices.is_known_customer
        and not invoices.has_error
        and invoices.due_date between night.report_date - 395 and night.report_date - 30
),

customers as (
    select
        customer_id,
        count(case when is_called then 1 end) as called_count,
        count(case when not is_called then 1 end) as not_called_count,
        sum(case when is_called then gross_amount end) as called_amount,
        avg(case when is_called then late_days end) as called_late_days,
        avg(case when not is_called then late_days end) as not_called_late_days,
        coalesce(var_samp(case when is_called then late_days end) * (count(case when is_called then 1 end) - 1), 0)
        + coalesce(var_samp(case when not is_called then late_days end) * (count(case when not is_called then 1 end) - 1), 0) as squares
    from judged
    group by customer_id
    having count(case when is_called then 1 end) > 0 and count(case when not is_called then 1 end) > 0
),

pooled as (
    select sum(squares) / nullif(sum(called_count + not_called_count - 2), 0) as variance
    from customers
),

summed as (
    select
        count(*) as customer_count,
        sum(customers.called_count) as called_count,
        sum(customers.not_called_count) as not_called_count,
        sum(customers.called_amount) as called_amount,
        sum(customers.called_amount * customers.called_late_days) / nullif(sum(customers.called_amount), 0) as called_late_days,
        sum(customers.called_amount * customers.not_called_late_days) / nullif(sum(customers.called_amount), 0) as not_called_late_days,
        sqrt(
            sum(power(customers.called_amount, 2) * pooled.variance * (1.0 / customers.called_count + 1.0 / customers.not_called_count))
        ) / nullif(sum(customers.called_amount), 0) as saved_days_error
    from customers
    cross join pooled
),

bounded as (
    select
        *,
        not_called_late_days - called_late_days as saved_days,
        not_called_late_days - called_late_days - 1.96 * saved_days_error as low_saved_days,
        not_called_late_days - called_late_days + 1.96 * saved_days_error as high_saved_days
    from summed
)

select
    night.report_date,
    cast(bounded.customer_count as bigint) as customer_count,
    cast(called_count as bigint) as called_count,
    cast(not_called_count as bigint) as not_called_count,
    cast(called_amount as decimal(18, 4)) as called_amount,
    {%- for days in ['called_late_days', 'not_called_late_days', 'saved_days', 'low_saved_days', 'high_saved_days'] %}
    cast(round({{ days }}, 2) as decimal(18, 2)) as {{ days }},
    {%- endfor %}
    cast(round(called_amount * saved_days, 2) as decimal(18, 2)) as saved_euro_days,
    case
        when called_count < 30 or saved_days_error is null then 'too few to say'
        when low_saved_days > 0 then 'effect shown'
        else 'no effect shown'
    end as effect_verdict
from bounded
cross join night
where bounded.customer_count > 0
