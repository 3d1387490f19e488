-- Who to call before the due date, of an invoice or of an instalment: open amount x probability that the invoice is paid late or is wrong.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

invoices as (
    select * from {{ ref('int_invoices_judged') }}
),

instalments as (
    select
        invoice_id,
        instalment_number,
        due_date,
        sum(amount) as open_amount
    from {{ ref('int_receivable_events_due') }}
    where instalment_number is not null
    group by 1, 2, 3
),

dues as (
    select
        invoices.invoice_id,
        invoices.customer_id,
        invoices.salesperson_id,
        invoices.issued_date,
        invoices.has_error,
        invoices.is_called,
        instalments.instalment_number,
        coalesce(instalments.due_date, invoices.due_date) as due_date,
        coalesce(instalments.open_amount, invoices.open_amount) as open_amount
    from invoices
    left join instalments on invoices.invoice_id = instalments.invoice_id
),

odds as (
    select * from {{ ref('int_pre_due_odds') }} where split = 'all'
),

effects as (
    select
        max(case when effect_verdict = 'effect shown' then saved_days end) as saved_days,
        coalesce(max(effect_verdict), 'too few to say') as effect_verdict
    from {{ ref('pre_due_call_effect') }}
),

base as (
    select max(base_share) as base_share from odds
),

customers as (
    select * from {{ ref('dim_customers') }}
),

due_soon as (
    select
        dues.*,
        case
            when dues.has_error then cast(1 as decimal(9, 6))
            else coalesce(odds.event_share, cast(round(base.base_share, 6) as decimal(9, 6)))
        end as event_share,
        odds.invoice_count as learned_invoice_count,
        odds.event_count as learned_event_count
    from dues
    cross join night
    cross join parameters
    cross join base
    left join odds on dues.customer_id = odds.customer_id
    where
        dues.due_date >= night.report_date
        and dues.due_date <= night.report_date + parameters.pre_due_call_days
        and dues.open_amount > 0
)

select
    row_number() over (order by due_soon.open_amount * coalesce(due_soon.event_share, 0) desc, due_soon.invoice_id, due_soon.instalment_number) as call_rank,
    due_soon.invoice_id,
    due_soon.instalment_number,
    due_soon.customer_id,
    coalesce(customers.name, due_soon.customer_id) as customer_name,
    due_soon.salesperson_id,
    due_soon.issued_date,
    due_soon.due_date,
    cast(due_soon.open_amount as decimal(18, 4)) as open_amount,
    due_soon.event_share as error_or_late_share,
    cast(round(cast(due_soon.open_amount as double) * due_soon.event_share, 2) as decimal(18, 4)) as expected_amount,
    due_soon.has_error,
    due_soon.is_called,
    coalesce(due_soon.learned_invoice_count, 0) as learned_invoice_count,
    coalesce(due_soon.learned_event_count, 0) as learned_event_count,
    cast(round(due_soon.open_amount * effects.saved_days, 2) as decimal(18, 2)) as saved_euro_days,
    effects.effect_verdict
from due_soon
cross join effects
left join customers on due_soon.customer_id = customers.customer_id
