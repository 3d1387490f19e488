-- What is open at a month end by payer, segment and days since it was due, where anything is known of how such invoices were paid until then. A
-- segment of which nothing is known stands with the first that is known.
with known as (
    select
        month_start_date,
        size_class
    from {{ ref('int_payment_delays_pooled') }}
    group by 1, 2
),

first_known as (
    select
        month_start_date,
        min(size_class) as size_class
    from known
    group by 1
)

select
    open_invoices.month_start_date,
    open_invoices.customer_id,
    coalesce(known.size_class, first_known.size_class) as size_class,
    cast({{ days_between('coalesce(open_invoices.due_date, open_invoices.issued_date)', 'open_invoices.month_end_date') }} as integer) as elapsed_days,
    sum(open_invoices.open_amount) as open_amount
from {{ ref('int_invoices_open_monthly') }} as open_invoices
inner join first_known on open_invoices.month_start_date = first_known.month_start_date
left join known on open_invoices.month_start_date = known.month_start_date and open_invoices.size_class = known.size_class
where not open_invoices.is_held_out and open_invoices.open_amount > 0
group by 1, 2, 3, 4
