-- Invoice lines against the order line they name: price, and the same line billed twice. A discount of the order may stand on the
-- line or, as its part of an allowance, on the invoice as a whole; an order itself knows no allowance. A cent of the line is no other
-- price: the invoice rounds its discount, and a tolerance of a price per hundred is less than that. A price that was agreed by the
-- day of delivery or of the invoice is none that differs: whether it is that of the day, its agreement says.
with invoiced as (
    select * from {{ ref('int_order_lines_invoiced') }}
),

repriced as (
    select distinct
        invoiced.invoice_id,
        invoiced.line_number
    from invoiced
    inner join {{ ref('int_prices_agreed') }} as agreed on invoiced.customer_id = agreed.customer_id and invoiced.product_id = agreed.product_id
    where
        agreed.is_binding and agreed.price_date in ('delivery', 'invoice')
        and abs(invoiced.priced_amount - cast(invoiced.billed_quantity as decimal(38, 4)) * agreed.net_price_amount) <= 0.01
),

lines as (
    select
        invoiced.*,
        invoiced.billed_as <> 'part' and invoiced.is_order_currency
        and repriced.invoice_id is null
        and abs(priced_amount - ordered_amount) > billed_quantity * price_tolerance_amount
        and abs(priced_amount - coalesce(document_allowance_amount, 0) - ordered_amount) > billed_quantity * price_tolerance_amount
        and abs(priced_amount - ordered_amount) > 0.01
        and abs(priced_amount - coalesce(document_allowance_amount, 0) - ordered_amount) > 0.01 as has_other_price,
        count(*) over (partition by invoiced.invoice_id, invoiced.order_id, invoiced.order_line_number, invoiced.quantity, invoiced.delivery_id) as equal_line_count,
        row_number() over (
            partition by invoiced.invoice_id, invoiced.order_id, invoiced.order_line_number, invoiced.quantity, invoiced.delivery_id
            order by length(invoiced.line_number), invoiced.line_number
        ) as equal_line_rank,
        above_ordered_quantity = billed_quantity and billed_as <> 'part' and first_invoice_id <> invoiced.invoice_id as is_billed_again
    from invoiced
    left join repriced on invoiced.invoice_id = repriced.invoice_id and invoiced.line_number = repriced.line_number
),

billed_again as (
    select
        invoice_id,
        any_value(order_id) as order_id,
        any_value(customer_id) as customer_id,
        any_value(event_date) as event_date,
        any_value(booking_rate) as booking_rate,
        min(first_invoice_id) as first_invoice_id,
        count(*) as line_count
    from lines
    where is_billed_again
    group by invoice_id
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

rebilled as (
    select
        billed_again.*,
        least(own.document_gross_amount, earlier.document_gross_amount) as lower_gross_amount
    from billed_again
    inner join invoices as own on billed_again.invoice_id = own.invoice_id
    inner join invoices as earlier on billed_again.first_invoice_id = earlier.invoice_id
)

{{ findings('lines', [
    {'code': 'price_differs_from_order', 'line': 'line_number', 'when': 'has_other_price', 'stake': 'priced_amount - ordered_amount',
     'evidence': told("{figure priced_amount} for {number quantity} pieces; order {order_id} line {order_line_number} says {figure ordered_amount}",
                      "{figure priced_amount} voor {number quantity} stuks; order {order_id} regel {order_line_number} zegt {figure ordered_amount}")},
    {'code': 'duplicate_line', 'line': 'line_number', 'when': 'equal_line_rank > 1 and net_invoiced_quantity > ordered_quantity', 'stake': 'document_net_amount',
     'evidence': told("order {order_id} line {order_line_number} with quantity {number quantity} stands {equal_line_count} times on this invoice",
                      "order {order_id} regel {order_line_number} met hoeveelheid {number quantity} staat {equal_line_count} keer op deze factuur")},
]) }}
union all
{{ findings('rebilled', [
    {'code': 'rebilled_without_credit', 'when': 'true', 'stake': 'lower_gross_amount',
     'evidence': told("{line_count} line(s) of order {order_id} were invoiced already on {first_invoice_id}, which is neither credited nor cancelled",
                      "{line_count} regel(s) van order {order_id} waren al gefactureerd met {first_invoice_id}, die niet gecrediteerd of geannuleerd is")},
]) }}
