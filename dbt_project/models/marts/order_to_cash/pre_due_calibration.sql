-- Out of sample: learned from invoices due more than 90 days before the report date, tried on those due after that. The
-- effect of calls is the difference of the late shares of called and not called invoices within a decile, where risks are alike.
with night as (
    select * from {{ ref('stg_company__night') }}
),

invoices as (
    select * from {{ ref('int_invoices_judged') }}
),

odds as (
    select * from {{ ref('int_pre_due_odds') }} where split = 'past'
),

tried as (
    select
        invoices.invoice_id,
        invoices.is_called,
        invoices.is_late,
        invoices.is_late or invoices.has_error as has_event,
        odds.event_share,
        ntile(10) over (order by odds.event_share, invoices.invoice_id) as decile
    from invoices
    cross join night
    cross join {{ ref('stg_company__parameters') }} as parameters
    inner join odds on invoices.customer_id = odds.customer_id
    where invoices.due_date < night.report_date - parameters.pre_due_late_days and invoices.due_date >= night.report_date - 90
),

counted as (
    select
        decile,
        count(*) as invoice_count,
        sum(event_share) as predicted_count,
        count(case when has_event then 1 end) as observed_count,
        count(case when is_called then 1 end) as called_count,
        count(case when is_called and is_late then 1 end) as called_late_count,
        count(case when not is_called and is_late then 1 end) as not_called_late_count
    from tried
    group by decile
)

select
    cast(decile as integer) as decile,
    invoice_count,
    {{ safe_share('predicted_count', 'invoice_count') }} as predicted_share,
    {{ safe_share('observed_count', 'invoice_count') }} as observed_share,
    called_count,
    {{ safe_share('called_late_count', 'called_count') }} as called_late_share,
    {{ safe_share('not_called_late_count', '(invoice_count - called_count)') }} as not_called_late_share
from counted
