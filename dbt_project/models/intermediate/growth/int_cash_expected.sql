-- When open invoices are expected to be paid: the due date and this payer's own days late, as known at the month end; who is
-- known by nothing pays on the company's average. Who is later than that already is expected two weeks from the month end.
with items as (
    select * from {{ ref('int_invoices_open_monthly') }} where not is_held_out and open_amount > 0
),

payers as (
    select * from {{ ref('payer_behaviour_monthly') }}
),

companies as (
    select
        month_start_date,
        {{ safe_share('sum(witnessed_gross_amount * average_late_days)', 'sum(witnessed_gross_amount)') }} as average_late_days
    from payers
    group by 1
),

expected as (
    select
        items.month_start_date,
        items.month_end_date,
        items.invoice_id,
        items.instalment_number,
        items.customer_id,
        items.open_amount,
        coalesce(items.due_date, items.issued_date)
        + cast(round(coalesce(payers.average_late_days, companies.average_late_days, 0), 0) as integer) as by_behaviour_date
    from items
    left join payers on items.customer_id = payers.customer_id and items.month_start_date = payers.month_start_date
    left join companies on items.month_start_date = companies.month_start_date
)

select
    month_start_date,
    month_end_date,
    invoice_id,
    instalment_number,
    customer_id,
    open_amount,
    case when by_behaviour_date > month_end_date then by_behaviour_date else month_end_date + 14 end as expected_date
from expected
