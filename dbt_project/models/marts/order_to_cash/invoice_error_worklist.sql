-- A finding is open while its document is: an invoice that is paid or credited in full asks for no work any more. Findings
-- about orders, payments and customers are open as long as euros stand behind them.
with night as (
    select * from {{ ref('stg_company__night') }}
),

errors as (
    select * from {{ ref('fct_invoice_errors') }} where not is_approved
),

types as (
    select * from {{ ref('invoice_error_types') }}
),

invoices as (
    select * from {{ ref('fct_invoices') }}
),

settlements as (
    select * from {{ ref('int_invoice_settlements') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

history as (
    select
        customer_id,
        count(case when has_error then 1 end) as error_invoice_count,
        count(case when is_disputed then 1 end) as dispute_count,
        count(case when is_past_due then 1 end) as past_due_count,
        count(case when is_past_due and is_late then 1 end) as late_count
    from {{ ref('int_invoices_judged') }}
    group by customer_id
),

open_errors as (
    select
        errors.*,
        invoices.due_date,
        cast(invoices.gross_amount - coalesce(settlements.applied_amount, 0) as decimal(18, 4)) as open_amount
    from errors
    left join invoices on errors.invoice_id = invoices.invoice_id
    left join settlements on errors.invoice_id = settlements.invoice_id
    where
        case errors.document_kind
            when 'invoice' then invoices.invoice_id is null or invoices.gross_amount is null or invoices.gross_amount <> coalesce(settlements.applied_amount, 0)
            else errors.stake_amount is not null
        end
)

select
    row_number() over (
        order by abs(coalesce(open_errors.stake_amount, 0)) desc, open_errors.due_date nulls last, open_errors.error_id
    ) as work_rank,
    open_errors.error_id,
    open_errors.error_code,
    types.description_en as description,
    types.description_nl as description_nl,
    open_errors.severity,
    open_errors.step,
    open_errors.owner_department,
    open_errors.document_kind,
    open_errors.document_id,
    open_errors.line_number,
    open_errors.invoice_id,
    open_errors.order_id,
    open_errors.customer_id,
    coalesce(customers.name, open_errors.customer_id) as customer_name,
    open_errors.event_date,
    open_errors.due_date,
    cast({{ days_between('night.report_date', 'open_errors.due_date') }} as integer) as days_to_due,
    open_errors.open_amount,
    open_errors.stake_amount,
    open_errors.evidence,
    open_errors.evidence_nl,
    coalesce(history.error_invoice_count, 0) as customer_error_count,
    coalesce(history.dispute_count, 0) as customer_dispute_count,
    {{ safe_share('history.late_count', 'history.past_due_count') }} as customer_late_share
from open_errors
cross join night
inner join types on open_errors.error_code = types.error_code
left join customers on open_errors.customer_id = customers.customer_id
left join history on open_errors.customer_id = history.customer_id
