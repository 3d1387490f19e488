-- Days late weighed with euros, of invoices and instalments without a fault of our own: those paid in the twelve months up to the month end, and
-- those that are overdue then, so that who never pays counts too.
with invoices as (
    select * from {{ ref('int_dues_paid') }} where due_date is not null and not is_held_out
),

faults as (
    select distinct invoice_id from {{ ref('int_invoice_faults_dated') }} where fault = 'our_error'
),

overdue as (
    select * from {{ ref('int_overdue_caused_monthly') }} where not is_held_out and open_amount > 0
),

months as (
    select * from {{ ref('dim_months') }}
),

paid as (
    select
        invoices.customer_id,
        {{ month_start('invoices.settled_date') }} as settled_month,
        sum(invoices.gross_amount) as amount,
        sum(invoices.gross_amount * {{ days_between('invoices.due_date', 'invoices.settled_date') }}) as amount_days,
        count(*) as invoice_count,
        count(case when invoices.settled_date > invoices.due_date then 1 end) as late_count
    from invoices
    left join faults on invoices.invoice_id = faults.invoice_id
    where invoices.ending = 'paid' and faults.invoice_id is null
    group by 1, 2
),

witnesses as (
    select
        paid.customer_id,
        months.month_start_date,
        paid.amount,
        paid.amount_days,
        paid.invoice_count,
        paid.late_count,
        0 as overdue_amount
    from paid
    inner join months
        on paid.settled_month <= months.month_start_date and {{ months_later('paid.settled_month', 11) }} >= months.month_start_date
    union all
    select
        overdue.customer_id,
        overdue.month_start_date,
        overdue.open_amount,
        overdue.open_amount * overdue.late_days,
        1,
        1,
        overdue.open_amount
    from overdue
    left join faults on overdue.invoice_id = faults.invoice_id
    where faults.invoice_id is null
)

select
    customer_id,
    month_start_date,
    sum(amount) as amount,
    sum(amount_days) as amount_days,
    sum(invoice_count) as invoice_count,
    sum(late_count) as late_count,
    sum(overdue_amount) as overdue_amount
from witnesses
group by 1, 2
