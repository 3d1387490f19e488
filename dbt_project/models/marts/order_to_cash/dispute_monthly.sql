-- Cohorts by the month of issue; the share counts disputes within the window of first time right, so that it ripens. An open dispute counts with its age so far: the median is then a lower bound, and says so.
with night as (
    select * from {{ ref('stg_company__night') }}
),

invoices as (
    select * from {{ ref('int_invoices_judged') }}
),

disputes as (
    select
        disputes.invoice_id,
        disputes.gross_amount,
        disputes.outcome,
        disputes.closed_date,
        {{ days_between('disputes.opened_date', 'coalesce(disputes.closed_date, night.report_date)') }} as known_days
    from {{ ref('fct_disputes') }} as disputes
    cross join night
),

issued as (
    select
        issued_month as month_start_date,
        count(*) as invoice_count,
        count(case when is_disputed then 1 end) as disputed_invoice_count,
        count(case when is_disputed_in_time then 1 end) as disputed_in_time_count,
        min(case when is_cohort_complete then 1 else 0 end) = 1 as is_complete
    from invoices
    group by issued_month
),

disputed as (
    select
        invoices.issued_month as month_start_date,
        count(*) as dispute_count,
        count(case when disputes.closed_date is null then 1 end) as open_count,
        count(case when disputes.outcome = 'valid' then 1 end) as valid_count,
        sum(disputes.gross_amount) as disputed_gross_amount,
        median(disputes.known_days) as median_days
    from disputes
    inner join invoices on disputes.invoice_id = invoices.invoice_id
    group by invoices.issued_month
)

select
    issued.month_start_date,
    issued.invoice_count,
    issued.disputed_invoice_count,
    issued.disputed_in_time_count,
    {{ safe_share('issued.disputed_in_time_count', 'issued.invoice_count') }} as dispute_share,
    coalesce(disputed.dispute_count, 0) as dispute_count,
    coalesce(disputed.open_count, 0) as open_count,
    coalesce(disputed.valid_count, 0) as valid_count,
    cast(coalesce(disputed.disputed_gross_amount, 0) as decimal(18, 4)) as disputed_gross_amount,
    cast(disputed.median_days as decimal(9, 1)) as median_resolution_days,
    coalesce(disputed.open_count, 0) > 0 as is_resolution_censored,
    not issued.is_complete as is_provisional
from issued
left join disputed on issued.month_start_date = disputed.month_start_date
