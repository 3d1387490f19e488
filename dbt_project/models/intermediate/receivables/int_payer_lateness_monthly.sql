-- Days late weighed with euros, of invoices and instalments paid in the twelve months up to the month end and of those overdue then, so that who
-- never pays counts too. A fault of our own that was there when it was paid excuses the payer as long as it is ours: a dispute that is judged
-- invalid was late all the same from then on.
with invoices as (
    select * from {{ ref('int_dues_paid') }} where due_date is not null and not is_held_out
),

faults as (
    select * from {{ ref('int_invoice_faults_dated') }} where fault = 'our_error'
),

overdue as (
    select * from {{ ref('int_overdue_caused_monthly') }} where not is_held_out and open_amount > 0 and cause <> 'our_error'
),

months as (
    select * from {{ ref('dim_months') }}
),

excuses as (
    select
        invoices.invoice_id,
        invoices.settled_date,
        max(coalesce(faults.fault_until_date, date '9999-12-31')) as excused_until_date
    from invoices
    inner join faults on invoices.invoice_id = faults.invoice_id and faults.fault_from_date <= invoices.settled_date
    group by 1, 2
),

paid as (
    select
        invoices.customer_id,
        {{ month_start('invoices.settled_date') }} as settled_month,
        {{ month_start('invoices.valid_from_date') }} as valid_from_month,
        {{ month_start('invoices.valid_until_date') }} as valid_until_month,
        excuses.excused_until_date,
        sum(invoices.gross_amount) as amount,
        sum(invoices.gross_amount * {{ days_between('invoices.due_date', 'invoices.settled_date') }}) as amount_days,
        count(*) as invoice_count,
        count(case when invoices.settled_date > invoices.due_date then 1 end) as late_count
    from invoices
    left join excuses on invoices.invoice_id = excuses.invoice_id and invoices.settled_date = excuses.settled_date
    where invoices.ending = 'paid'
    group by 1, 2, 3, 4, 5
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
        on
            paid.valid_from_month <= months.month_start_date
            and (paid.valid_until_month is null or months.month_start_date < paid.valid_until_month)
            and {{ months_later('paid.settled_month', 11) }} >= months.month_start_date
            and (paid.excused_until_date is null or paid.excused_until_date <= months.month_end_date)
    union all
    select
        customer_id,
        month_start_date,
        open_amount,
        open_amount * late_days,
        1,
        1,
        open_amount
    from overdue
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
