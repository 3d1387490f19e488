-- The invoice lines of suspect orders beside what was ordered and delivered. What was invoiced too much belongs to the
-- latest lines: walking back from the last one, each takes as much of the excess as it holds.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

order_line_quantities as (
    select * from {{ ref('int_order_line_quantities') }}
),

invoice_lines as (
    select *
    from {{ ref('int_invoice_lines_billed') }}
    where document_type in ('invoice', 'debit_note') and billed_quantity > 0 and billed_as not in ('prepayment', 'free')
),

customers as (
    select
        customer_id,
        price_tolerance_share
    from {{ ref('dim_customers') }}
    where price_tolerance_share is not null
),

matched as (
    select
        invoice_lines.invoice_id,
        invoice_lines.line_number,
        invoice_lines.order_id,
        invoice_lines.order_line_number,
        invoice_lines.delivery_id,
        invoice_lines.customer_id,
        invoice_lines.issued_date as event_date,
        invoices.booking_rate,
        invoices.due_date,
        invoice_lines.product_id,
        order_line_quantities.product_id as ordered_product_id,
        invoice_lines.quantity,
        invoice_lines.billed_quantity,
        invoice_lines.billed_as,
        invoice_lines.is_prepayment,
        order_line_quantities.is_delivery_expected,
        invoice_lines.unit,
        order_line_quantities.ordered_unit,
        invoice_lines.document_net_amount,
        invoice_lines.document_priced_amount - coalesce(invoice_lines.document_discount_amount, 0) as priced_amount,
        coalesce(invoice_lines.document_allowance_amount, 0) as document_allowance_amount,
        cast(cast(invoice_lines.billed_quantity as decimal(38, 4)) * invoice_lines.ordered_unit_price_amount as decimal(38, 10)) as ordered_amount,
        invoice_lines.ordered_unit_price_amount as net_unit_price_amount,
        invoice_lines.is_order_currency,
        order_line_quantities.ordered_quantity,
        order_line_quantities.delivered_quantity,
        order_line_quantities.first_shipped_date,
        order_line_quantities.net_invoiced_quantity,
        greatest(parameters.quantity_tolerance, order_line_quantities.ordered_quantity * parameters.quantity_tolerance_share) as delivered_tolerance,
        greatest(
            parameters.quantity_tolerance,
            order_line_quantities.ordered_quantity * greatest(parameters.quantity_tolerance_share, order_line_quantities.quantity_tolerance_share)
        ) as quantity_tolerance,
        -- A tolerance of money is per price, and a price may be for a thousand pieces.
        greatest(
            {{ price_tolerance(
                'parameters.price_tolerance_amount',
                'invoice_lines.ordered_unit_price_amount * greatest(invoice_lines.price_base_quantity, order_line_quantities.price_base_quantity)',
                'invoice_lines.document_unit_price_amount'
            ) }} * {{ per_unit('greatest(invoice_lines.price_base_quantity, order_line_quantities.price_base_quantity)') }},
            invoice_lines.ordered_unit_price_amount * greatest(parameters.price_tolerance_share, coalesce(customers.price_tolerance_share, 0))
        ) as price_tolerance_amount,
        coalesce(sum(invoice_lines.billed_quantity) over (
            partition by invoice_lines.order_id, invoice_lines.order_line_number
            order by invoice_lines.issued_date desc, invoice_lines.invoice_id desc, length(invoice_lines.line_number) desc, invoice_lines.line_number desc
            rows between unbounded preceding and 1 preceding
        ), 0) as later_quantity,
        first_value(invoice_lines.invoice_id) over (
            partition by invoice_lines.order_id, invoice_lines.order_line_number
            order by invoice_lines.issued_date, invoice_lines.invoice_id
        ) as first_invoice_id
    from invoice_lines
    cross join parameters
    inner join invoices on invoice_lines.invoice_id = invoices.invoice_id
    inner join order_line_quantities
        on
            invoice_lines.order_id = order_line_quantities.order_id
            and invoice_lines.order_line_number = order_line_quantities.order_line_number
    left join customers on order_line_quantities.customer_id = customers.customer_id
)

select
    *,
    greatest(least(billed_quantity, net_invoiced_quantity - delivered_quantity - later_quantity), 0) as above_delivered_quantity,
    greatest(least(billed_quantity, net_invoiced_quantity - ordered_quantity - later_quantity), 0) as above_ordered_quantity
from matched
