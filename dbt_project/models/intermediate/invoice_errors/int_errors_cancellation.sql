-- Invoices of orders and order lines that were cancelled before. What was delivered of them may be billed all the same, and so may a period of a
-- service that began before, or a fee that nobody ordered: what names no line of the order bills it by its product or by the line's whole money.
with orders as (
    select * from {{ ref('fct_orders') }}
),

order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

ordered as (
    select
        order_id,
        list(distinct product_id) as product_ids,
        list(distinct document_net_amount) as net_amounts
    from order_lines
    where order_id in (select orders.order_id from orders where orders.cancelled_date is not null)
    group by order_id
),

invoices as (
    select * from {{ ref('int_invoices_valued') }} where document_class = 'invoice'
),

deliveries as (
    select * from {{ ref('fct_deliveries') }} where not is_return
),

invoice_lines as (
    select
        *,
        sum(quantity) over (
            partition by order_id, order_line_number order by issued_date, invoice_id, length(line_number), line_number
        ) as running_quantity
    from {{ ref('fct_invoice_lines') }}
    where document_type in ('invoice', 'debit_note') and order_id is not null
),

late_lines as (
    select
        invoice_lines.*,
        least(orders.cancelled_date, order_lines.cancelled_date) as cancelled_date
    from invoice_lines
    inner join orders on invoice_lines.order_id = orders.order_id
    left join ordered on invoice_lines.order_id = ordered.order_id
    left join order_lines on invoice_lines.order_id = order_lines.order_id and invoice_lines.order_line_number = order_lines.line_number
    where
        least(orders.cancelled_date, order_lines.cancelled_date) <= invoice_lines.issued_date
        and (
            invoice_lines.order_line_number is not null or ordered.order_id is null or list_contains(ordered.product_ids, invoice_lines.product_id)
            or (invoice_lines.product_id is null and list_contains(ordered.net_amounts, invoice_lines.document_net_amount))
        )
        and not coalesce(invoice_lines.product_kind <> 'goods' and invoice_lines.period_start_date <= least(orders.cancelled_date, order_lines.cancelled_date), false)
),

delivered as (
    select
        late_lines.invoice_id,
        late_lines.line_number,
        sum(deliveries.quantity) as delivered_quantity
    from late_lines
    inner join deliveries
        on
            late_lines.order_id = deliveries.order_id and late_lines.order_line_number = deliveries.order_line_number
            and coalesce(deliveries.shipped_date, deliveries.delivered_date) <= late_lines.cancelled_date
    group by late_lines.invoice_id, late_lines.line_number
),

cancelled_lines as (
    select
        late_lines.invoice_id,
        late_lines.order_id,
        late_lines.cancelled_date,
        sum(late_lines.document_net_amount) as document_net_amount
    from late_lines
    left join delivered on late_lines.invoice_id = delivered.invoice_id and late_lines.line_number = delivered.line_number
    where not coalesce(late_lines.running_quantity <= delivered.delivered_quantity, false)
    group by late_lines.invoice_id, late_lines.order_id, late_lines.cancelled_date
),

cancelled_documents as (
    select
        invoice_id,
        min(order_id) as order_id,
        min(cancelled_date) as cancelled_date,
        sum(document_net_amount) as document_net_amount
    from cancelled_lines
    group by invoice_id
),

cancelled as (
    select
        cancelled_documents.*,
        invoices.customer_id,
        invoices.issued_date as event_date,
        invoices.booking_rate
    from cancelled_documents
    inner join invoices on cancelled_documents.invoice_id = invoices.invoice_id
)

{{ findings('cancelled', [
    {'code': 'invoiced_after_cancellation', 'when': 'true', 'stake': 'document_net_amount',
     'evidence': told("order {order_id} was cancelled on {day cancelled_date}, invoiced on {day event_date}",
                      "order {order_id} is geannuleerd op {day cancelled_date}, gefactureerd op {day event_date}")},
]) }}
