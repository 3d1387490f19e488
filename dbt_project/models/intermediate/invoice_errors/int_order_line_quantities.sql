-- Ordered, delivered, returned, invoiced and credited of each order line; every rule about quantities reads it. Lines that are billed together are one.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

suspects as (
    select * from {{ ref('int_suspect_orders') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
),

order_lines as (
    select
        order_lines.* replace (
            coalesce(together.ordered_quantity, order_lines.quantity) as quantity,
            coalesce(together.average_unit_price_amount, order_lines.document_net_unit_price_amount) as document_net_unit_price_amount,
            coalesce(together.are_deliveries_expected, order_lines.is_delivery_expected) as is_delivery_expected
        )
    from {{ ref('fct_order_lines') }} as order_lines
    inner join suspects on order_lines.order_id = suspects.order_id
    left join {{ ref('int_order_lines_together') }} as together on order_lines.order_id = together.order_id and order_lines.line_number = together.line_number
    where coalesce(together.first_line_number, order_lines.line_number) = order_lines.line_number
),

deliveries as (
    select
        deliveries.order_id,
        coalesce(together.first_line_number, deliveries.order_line_number) as order_line_number,
        sum(case when not deliveries.is_return then deliveries.quantity else 0 end) as delivered_quantity,
        sum(case
            when
                not deliveries.is_return
                and {{ billing_day('coalesce(deliveries.delivered_date, deliveries.shipped_date)', 'customers.billing_rhythm') }} + parameters.unbilled_grace_days < night.report_date
                then deliveries.quantity
            else 0
        end) as billable_quantity,
        sum(case when deliveries.is_return then -deliveries.quantity else 0 end) as returned_quantity,
        min(case when not deliveries.is_return then coalesce(deliveries.shipped_date, deliveries.delivered_date) end) as first_shipped_date,
        max(case when not deliveries.is_return then coalesce(deliveries.delivered_date, deliveries.shipped_date) end) as last_delivered_date,
        max(case when deliveries.is_return then coalesce(deliveries.delivered_date, deliveries.shipped_date) end) as last_returned_date
    from {{ ref('fct_deliveries') }} as deliveries
    inner join suspects on deliveries.order_id = suspects.order_id
    left join {{ ref('int_order_lines_together') }} as together on deliveries.order_id = together.order_id and deliveries.order_line_number = together.line_number
    left join orders on deliveries.order_id = orders.order_id
    left join {{ ref('dim_customers') }} as customers on orders.customer_id = customers.customer_id
    cross join night
    cross join parameters
    group by deliveries.order_id, coalesce(together.first_line_number, deliveries.order_line_number)
),

-- A negative line of an invoice gives back what a credit note would.
invoice_lines as (
    select
        order_id,
        order_line_number,
        sum(case when document_type in ('invoice', 'debit_note') and billed_quantity > 0 and billed_as not in ('prepayment', 'free') then billed_quantity else 0 end) as invoiced_quantity,
        sum(case when billed_quantity > 0 and billed_as = 'prepayment' then billed_quantity else 0 end) as prepaid_quantity,
        sum(case when billed_quantity > 0 and billed_as = 'free' then billed_quantity else 0 end) as free_quantity,
        sum(case
            when document_type = 'credit_note' or (document_type in ('invoice', 'debit_note') and billed_quantity < 0) then -billed_quantity
            else 0
        end) as credited_quantity,
        sum(case when document_type = 'cancellation' then -billed_quantity else 0 end) as cancelled_quantity
    from {{ ref('int_invoice_lines_billed') }}
    group by order_id, order_line_number
)

select
    order_lines.order_id,
    order_lines.line_number as order_line_number,
    order_lines.customer_id,
    order_lines.product_id,
    order_lines.currency,
    orders.ordered_date,
    orders.status,
    least(orders.cancelled_date, order_lines.cancelled_date) as cancelled_date,
    order_lines.is_delivery_expected,
    tolerated.quantity_tolerance_share,
    order_lines.quantity as ordered_quantity,
    order_lines.unit as ordered_unit,
    order_lines.document_net_unit_price_amount as net_unit_price_amount,
    order_lines.price_base_quantity,
    coalesce(deliveries.delivered_quantity, 0) as delivered_quantity,
    coalesce(deliveries.billable_quantity, 0) as billable_quantity,
    coalesce(deliveries.returned_quantity, 0) as returned_quantity,
    deliveries.first_shipped_date,
    deliveries.last_delivered_date,
    deliveries.last_returned_date,
    coalesce(invoice_lines.invoiced_quantity, 0) as invoiced_quantity,
    coalesce(invoice_lines.prepaid_quantity, 0) as prepaid_quantity,
    coalesce(invoice_lines.free_quantity, 0) as free_quantity,
    coalesce(invoice_lines.credited_quantity, 0) as credited_quantity,
    coalesce(invoice_lines.cancelled_quantity, 0) as cancelled_quantity,
    coalesce(invoice_lines.invoiced_quantity - invoice_lines.credited_quantity - invoice_lines.cancelled_quantity, 0) as net_invoiced_quantity
from order_lines
inner join orders on order_lines.order_id = orders.order_id
left join deliveries on order_lines.order_id = deliveries.order_id and order_lines.line_number = deliveries.order_line_number
left join {{ ref('int_order_line_tolerances') }} as tolerated on order_lines.order_id = tolerated.order_id and order_lines.line_number = tolerated.line_number
left join invoice_lines on order_lines.order_id = invoice_lines.order_id and order_lines.line_number = invoice_lines.order_line_number
