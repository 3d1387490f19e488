-- Every overdue invoice has one cause, as it was known at the month end; of several the first of this order: our error, invalid
-- dispute, cannot pay, and late without a reason that is known.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

overdue as (
    select * from {{ ref('int_invoices_open_monthly') }} where bucket like 'overdue%'
),

faults as (
    select * from {{ ref('int_invoice_faults_dated') }}
),

write_offs as (
    select
        customer_id,
        min(written_off_date) as insolvent_from_date
    from {{ ref('fct_write_offs') }}
    where lower(reason_code) in ('insolvency', 'insolvent', 'bankruptcy', 'bankrupt', 'faillissement')
    group by 1
),

probabilities as (
    select * from {{ ref('int_default_probabilities_monthly') }} where probability_source = 'credit report'
),

promises as (
    select
        invoice_id,
        min(promised_date) as first_promised_date
    from {{ ref('fct_collection_activities') }}
    where promised_date is not null and invoice_id is not null
    group by 1
),

faulty as (
    select
        overdue.month_start_date,
        overdue.invoice_id,
        max(case when faults.fault = 'our_error' then 1 else 0 end) as has_our_error,
        max(case when faults.fault = 'invalid_dispute' then 1 else 0 end) as has_invalid_dispute
    from overdue
    inner join faults
        on
            overdue.invoice_id = faults.invoice_id
            and overdue.month_end_date >= faults.fault_from_date
            and (faults.fault_until_date is null or overdue.month_end_date < faults.fault_until_date)
    group by 1, 2
),

witnessed as (
    select
        overdue.*,
        coalesce(faulty.has_our_error, 0) = 1 as has_our_error,
        coalesce(faulty.has_invalid_dispute, 0) = 1 as has_invalid_dispute,
        coalesce(write_offs.insolvent_from_date <= overdue.month_end_date, false) as is_insolvent,
        coalesce(probabilities.default_probability_share >= parameters.cannot_pay_probability_share, false) as is_badly_rated,
        coalesce(promises.first_promised_date < overdue.month_end_date, false) as has_broken_promise
    from overdue
    cross join parameters
    left join faulty on overdue.month_start_date = faulty.month_start_date and overdue.invoice_id = faulty.invoice_id
    left join write_offs on overdue.customer_id = write_offs.customer_id
    left join probabilities
        on overdue.customer_id = probabilities.customer_id and overdue.month_start_date = probabilities.month_start_date
    left join promises on overdue.invoice_id = promises.invoice_id
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
    due_date,
    late_days,
    open_amount,
    has_broken_promise,
    case
        when has_our_error then 'our_error'
        when has_invalid_dispute then 'invalid_dispute'
        when is_insolvent or is_badly_rated or has_broken_promise then 'cannot_pay'
        else 'no_reason_known'
    end as cause
from witnessed
