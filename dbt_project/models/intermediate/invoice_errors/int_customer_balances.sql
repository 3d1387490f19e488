-- What each customer owes and has on order at the report date, in the reporting currency.
with invoices as (
    select
        customer_id,
        sum(gross_amount) as invoiced_amount
    from {{ ref('int_invoices_valued') }}
    group by customer_id
),

applications as (
    select
        customer_id,
        sum(amount) as applied_amount
    from {{ ref('fct_payment_applications') }}
    group by customer_id
),

order_lines as (
    select
        quantities.customer_id,
        sum(
            greatest(quantities.ordered_quantity - quantities.invoiced_quantity, 0) * cast(quantities.net_unit_price_amount as decimal(18, 4))
        ) as ordered_amount
    from {{ ref('int_order_line_quantities') }} as quantities
    where quantities.cancelled_date is null and coalesce(lower(quantities.status), 'open') not in ('closed', 'completed', 'cancelled', 'c')
    group by quantities.customer_id
),

customers as (
    select * from {{ ref('dim_customers') }}
)

select
    customers.customer_id,
    cast(coalesce(invoices.invoiced_amount, 0) - coalesce(applications.applied_amount, 0) as decimal(18, 4)) as open_amount,
    cast(coalesce(order_lines.ordered_amount, 0) as decimal(18, 4)) as ordered_amount
from customers
left join invoices on customers.customer_id = invoices.customer_id
left join applications on customers.customer_id = applications.customer_id
left join order_lines on customers.customer_id = order_lines.customer_id
