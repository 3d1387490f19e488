-- Credited for our own errors, less what was billed again, plus what handling costs. A volume bonus, a return and goodwill
-- are no errors. A needless credit is billed again at the same amount: what leaks is handling and financing.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

errors as (
    select * from {{ ref('fct_invoice_errors') }} where error_code in ('credit_for_own_error', 'needless_credit') and not is_approved
),

invoices as (
    select * from {{ ref('fct_invoices') }}
),

credits as (
    select
        errors.event_month as month_start_date,
        errors.error_code,
        errors.owner_department,
        coalesce(invoices.reason_code, 'not stated') as reason_code,
        -invoices.net_amount as credited_amount,
        errors.stake_amount as leakage_amount,
        parameters.handling_cost_amount
    from errors
    cross join parameters
    inner join invoices on errors.invoice_id = invoices.invoice_id
)

select
    month_start_date,
    error_code,
    owner_department,
    reason_code,
    count(*) as credit_note_count,
    {{ money_sum('credited_amount') }} as credited_amount,
    {{ money_sum('handling_cost_amount') }} as handling_cost_amount,
    {{ money_sum('leakage_amount') }} as leakage_amount
from credits
group by 1, 2, 3, 4
