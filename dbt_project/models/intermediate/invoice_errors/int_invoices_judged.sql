-- What became of each invoice: errors, disputes, calls before the due date, when it was settled. Invoices and debit notes only. Late is who pays more
-- than the declared days after the due date: a day late, as most invoices are, is worth no call.
-- A confirmed error is a finding that holds the document out or that the customer may refuse; a warning is none. What comes to light after
-- the window of first time right leaves its cohort as it is: a cohort is final when the window has passed and its disputes are judged.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

invoices as (
    select * from {{ ref('fct_invoices') }} where document_class = 'invoice'
),

errors as (
    select
        invoice_id,
        count(*) as error_count,
        sum(stake_amount) as stake_amount,
        min(event_date) as first_error_date
    from {{ ref('fct_invoice_errors') }}
    where severity in ('quarantines', 'disputable') and document_kind = 'invoice' and not is_approved
    group by invoice_id
),

reasons as (
    select reason_code from {{ ref('credit_reasons') }} where is_own_error
),

error_credits as (
    select
        credits.corrects_invoice_id as invoice_id,
        min(credits.issued_date) as credited_date
    from {{ ref('int_invoices_valued') }} as credits
    inner join reasons on credits.reason_code = reasons.reason_code
    group by credits.corrects_invoice_id
),

disputes as (
    select
        invoice_id,
        min(opened_date) as opened_date,
        min(case when outcome = 'valid' then opened_date end) as valid_opened_date,
        min(case when closed_date is null then opened_date end) as undecided_opened_date
    from {{ ref('fct_disputes') }}
    group by invoice_id
),

settlements as (
    select
        invoice_id,
        document_applied_amount,
        applied_amount,
        last_applied_date
    from {{ ref('int_invoice_settlements') }}
),

calls as (
    select distinct invoice_id from {{ ref('fct_collection_activities') }} where is_before_due and invoice_id is not null
)

select
    invoices.*,
    invoices.gross_amount - coalesce(settlements.applied_amount, 0) as open_amount,
    coalesce(errors.error_count, 0) as error_count,
    coalesce(errors.stake_amount, 0) as stake_amount,
    errors.invoice_id is not null as has_error,
    coalesce(errors.first_error_date <= invoices.issued_date + parameters.first_time_right_days, false) as has_error_in_time,
    least(errors.first_error_date, error_credits.credited_date, disputes.valid_opened_date) as first_error_date,
    coalesce(
        least(errors.first_error_date, error_credits.credited_date, disputes.valid_opened_date)
        > invoices.issued_date + parameters.first_time_right_days, true
    ) as is_right_first_time,
    invoices.issued_date + parameters.first_time_right_days <= night.observed_until_date as is_cohort_complete,
    coalesce(disputes.undecided_opened_date <= invoices.issued_date + parameters.first_time_right_days, false) as is_undecided,
    coalesce(disputes.opened_date <= invoices.issued_date + parameters.first_time_right_days, false) as is_disputed_in_time,
    coalesce(disputes.valid_opened_date <= invoices.issued_date + parameters.first_time_right_days, false) as is_disputed_rightly_in_time,
    disputes.invoice_id is not null as is_disputed,
    disputes.valid_opened_date is not null as is_disputed_rightly,
    calls.invoice_id is not null as is_called,
    case when settlements.document_applied_amount >= invoices.document_gross_amount then settlements.last_applied_date end as settled_date,
    invoices.due_date < night.report_date as is_past_due,
    coalesce(case when settlements.document_applied_amount >= invoices.document_gross_amount then settlements.last_applied_date end, night.report_date)
    > invoices.due_date + parameters.pre_due_late_days as is_late
from invoices
cross join night
cross join parameters
left join errors on invoices.invoice_id = errors.invoice_id
left join error_credits on invoices.invoice_id = error_credits.invoice_id
left join disputes on invoices.invoice_id = disputes.invoice_id
left join settlements on invoices.invoice_id = settlements.invoice_id
left join calls on invoices.invoice_id = calls.invoice_id
