-- Of the invoices issued in the six months up to a month end: how long each was seen without being paid, and whether it was paid
-- then. Credited ones leave on the day of the credit; what is open or written off is seen until the month end.
with invoices as (
    select * from {{ ref('int_invoices_paid') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

observed as (
    select
        months.month_start_date,
        invoices.salesperson_id,
        invoices.industry_code,
        invoices.size_class,
        case
            when invoices.ending in ('paid', 'diluted') and invoices.settled_date <= months.month_end_date
                then {{ days_between('invoices.issued_date', 'invoices.settled_date') }}
            else {{ days_between('invoices.issued_date', 'months.month_end_date') }}
        end as seen_days,
        case when invoices.ending = 'paid' and invoices.settled_date <= months.month_end_date then 1 else 0 end as paid_count,
        1 as invoice_count
    from invoices
    inner join months
        on
            invoices.issued_date <= months.month_end_date
            and {{ months_later('invoices.issued_month', 5) }} >= months.month_start_date
),

grouped as (
    select
        month_start_date,
        salesperson_id,
        industry_code,
        size_class,
        seen_days,
        sum(paid_count) as paid_count,
        sum(invoice_count) as invoice_count
    from observed
    group by 1, 2, 3, 4, 5
),

scoped as (
    {{ scoped_sums('grouped', ['month_start_date', 'seen_days'], ['paid_count', 'invoice_count']) }}
)

select
    scope_type,
    scope_id,
    month_start_date,
    seen_days,
    cast(paid_count as bigint) as paid_count,
    cast(invoice_count as bigint) as invoice_count
from scoped
