-- Invoices held out of the KPIs of a period: those issued in it, for what adds up over a period, and those that stood held out at its
-- end, for what is measured there.
with invoices as (
    select
        issued_month as month_start_date,
        salesperson_id,
        industry_code,
        size_class,
        1 as held_out_invoice_count,
        coalesce(abs(gross_amount), 0) as held_out_gross_amount
    from {{ ref('fct_invoices') }}
    where is_held_out
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

scoped as (
    {{ scoped_sums('invoices', ['month_start_date'], ['held_out_invoice_count', 'held_out_gross_amount']) }}
)

select
    periods.period_type,
    periods.period_start_date,
    scoped.scope_type,
    scoped.scope_id,
    cast(sum(case when scoped.month_start_date >= periods.period_start_date then scoped.held_out_invoice_count else 0 end) as bigint) as issued_count,
    {{ money_sum('case when scoped.month_start_date >= periods.period_start_date then scoped.held_out_gross_amount end') }} as issued_gross_amount,
    cast(sum(scoped.held_out_invoice_count) as bigint) as standing_count,
    {{ money_sum('scoped.held_out_gross_amount') }} as standing_gross_amount
from periods
inner join scoped on scoped.month_start_date <= periods.last_month_start_date
group by 1, 2, 3, 4
