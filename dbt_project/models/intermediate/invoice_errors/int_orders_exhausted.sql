-- Whether an invoice bills more of its order than was left: by the quantity of its order lines and what was shipped by the day of issue,
-- or, where it names no order lines or bills instalments (called so, or by lower prices for more pieces than were ordered), by money. A part that was left makes an equal invoice no duplicate.
with invoices as (
    select
        invoice_id,
        issued_date,
        document_class,
        is_part_billing
    from {{ ref('int_invoices_valued') }}
),

-- Two invoices of one order with one net amount: the others have no duplicate to be told from.
twin_orders as (
    select distinct order_id
    from (
        select
            lines.order_id,
            lines.invoice_id,
            sum(lines.document_net_amount) as document_net_amount
        from {{ ref('fct_invoice_lines') }} as lines
        where lines.order_id is not null and lines.document_type in ('invoice', 'debit_note')
        group by lines.order_id, lines.invoice_id
    ) as totals
    group by order_id, document_net_amount
    having count(*) > 1
),

lines as (
    select
        lines.*,
        invoices.is_part_billing,
        invoices.document_class
    from {{ ref('fct_invoice_lines') }} as lines
    inner join twin_orders on lines.order_id = twin_orders.order_id
    inner join invoices on lines.invoice_id = invoices.invoice_id
),

order_lines as (
    select
        order_lines.*,
        sum(order_lines.document_net_amount) over (partition by order_lines.order_id) as order_net_amount
    from {{ ref('fct_order_lines') }} as order_lines
    inner join twin_orders on order_lines.order_id = twin_orders.order_id
),

deliveries as (
    select deliveries.*
    from {{ ref('fct_deliveries') }} as deliveries
    inner join twin_orders on deliveries.order_id = twin_orders.order_id
    where not deliveries.is_return
),

-- Counted to the day of issue and the number of the document: what comes later takes nothing away.
counted as (
    select
        *,
        sum(quantity) over up_to_here as running_quantity,
        sum(document_net_amount) over (
            partition by order_id order by issued_date, invoice_id, length(line_number), line_number
        ) as running_net_amount
    from lines
    window up_to_here as (partition by order_id, order_line_number order by issued_date, invoice_id, length(line_number), line_number)
),

shipped as (
    select
        counted.invoice_id,
        counted.line_number,
        sum(deliveries.quantity) as shipped_quantity
    from counted
    inner join deliveries
        on
            counted.order_id = deliveries.order_id and counted.order_line_number = deliveries.order_line_number
            and coalesce(deliveries.shipped_date, deliveries.delivered_date) <= counted.issued_date
    group by counted.invoice_id, counted.line_number
),

measured as (
    select
        counted.invoice_id,
        counted.order_id,
        counted.quantity,
        counted.document_net_amount,
        counted.order_line_number is null or counted.is_part_billing
        or coalesce(counted.running_quantity > order_lines.quantity and counted.document_unit_price_amount < order_lines.document_net_unit_price_amount, false) as is_by_money,
        counted.running_quantity - least(order_lines.quantity, coalesce(shipped.shipped_quantity, order_lines.quantity)) as excess_quantity,
        max(counted.running_net_amount) over (partition by counted.invoice_id, counted.order_id) as running_net_amount,
        sum(counted.document_net_amount) over (partition by counted.invoice_id, counted.order_id) as invoice_net_amount,
        totals.order_net_amount
    from counted
    left join order_lines on counted.order_id = order_lines.order_id and counted.order_line_number = order_lines.line_number
    left join shipped on counted.invoice_id = shipped.invoice_id and counted.line_number = shipped.line_number
    left join (select distinct order_id, order_net_amount from order_lines) as totals on counted.order_id = totals.order_id
    where counted.document_class = 'invoice' and counted.quantity > 0
)

select
    invoice_id,
    order_id,
    bool_or(case
        when is_by_money then coalesce(2 * (running_net_amount - order_net_amount) > invoice_net_amount, true)
        else coalesce(2 * excess_quantity > quantity, true)
    end) as is_exhausted
from measured
group by invoice_id, order_id
