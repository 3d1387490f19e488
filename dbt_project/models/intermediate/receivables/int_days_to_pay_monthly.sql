-- Of the invoices issued in the six months up to a month end: how long each was seen without being paid, and whether it was paid
-- then; held-out ones beside. Credited ones leave on the day of the credit; what is open or written off is seen until the month end.
{%- set counts = ['paid_count', 'invoice_count', 'held_out_paid_count', 'held_out_invoice_count'] %}
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
        invoices.is_held_out,
        case
            when invoices.ending in ('paid', 'diluted') then {{ days_between('invoices.issued_date', 'invoices.settled_date') }}
            else {{ days_between('invoices.issued_date', 'months.month_end_date') }}
        end as seen_days,
        invoices.ending = 'paid' as is_paid
    from invoices
    inner join months
        on
            invoices.issued_month <= months.month_start_date
            and {{ months_later('invoices.issued_month', 5) }} >= months.month_start_date
            and invoices.valid_from_date <= months.month_end_date
            and (invoices.valid_until_date is null or months.month_end_date < invoices.valid_until_date)
),

grouped as (
    select
        month_start_date,
        salesperson_id,
        industry_code,
        size_class,
        seen_days,
        count(case when is_paid and not is_held_out then 1 end) as paid_count,
        count(case when not is_held_out then 1 end) as invoice_count,
        count(case when is_paid and is_held_out then 1 end) as held_out_paid_count,
        count(case when is_held_out then 1 end) as held_out_invoice_count
    from observed
    group by 1, 2, 3, 4, 5
),

scoped as (
    {{ scoped_sums('grouped', ['month_start_date', 'seen_days'], counts) }}
)

select
    scope_type,
    scope_id,
    month_start_date,
    seen_days,
    {%- for count in counts %}
    cast({{ count }} as bigint) as {{ count }}{{ ',' if not loop.last }}
    {%- endfor %}
from scoped
