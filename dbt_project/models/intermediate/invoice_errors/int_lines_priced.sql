-- Invoice lines of customers who have an agreement: the days that may decide which one holds, what was given, and what the line would
-- cost without a discount that its price has in it already: by list, by order or by its own gross price.
with products as (
    select
        product_id,
        family,
        list_price_amount,
        currency
    from {{ ref('dim_products') }}
),

conversions as (
    {{ unit_conversions() }}
),

agreed_customers as (
    select distinct customer_id
    from {{ ref('int_prices_agreed') }}
    where is_binding
),

orders as (
    select
        order_id,
        ordered_date,
        customer_id
    from {{ ref('fct_orders') }}
),

order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

-- The delivery that a line bills: the one it names, else the last one before it was invoiced.
shipped as (
    select
        lines.invoice_id,
        lines.line_number,
        coalesce(
            max(case when coalesce(deliveries.shipped_date, deliveries.delivered_date) <= lines.issued_date then coalesce(deliveries.shipped_date, deliveries.delivered_date) end),
            min(coalesce(deliveries.shipped_date, deliveries.delivered_date))
        ) as shipped_date
    from {{ ref('fct_invoice_lines') }} as lines
    inner join orders on lines.order_id = orders.order_id
    inner join {{ ref('fct_deliveries') }} as deliveries
        on
            lines.order_id = deliveries.order_id and lines.order_line_number = deliveries.order_line_number
            and (lines.delivery_id is null or lines.delivery_id = deliveries.delivery_id)
    where not deliveries.is_return and orders.customer_id in (select agreed.customer_id from {{ ref('int_prices_agreed') }} as agreed where agreed.price_date = 'delivery')
    group by lines.invoice_id, lines.line_number
)

select
    invoice_lines.invoice_id,
    invoice_lines.line_number,
    invoice_lines.order_id,
    invoice_lines.order_line_number,
    invoice_lines.customer_id,
    agreed_customers.customer_id as agreed_customer_id,
    invoice_lines.product_id,
    invoice_lines.issued_date as event_date,
    coalesce(orders.ordered_date, invoice_lines.issued_date) as ordered_date,
    coalesce(shipped.shipped_date, invoice_lines.issued_date) as shipped_date,
    invoice_lines.currency,
    invoice_lines.quantity,
    cast(order_lines.quantity as decimal(38, 4)) * coalesce(order_units.base_quantity, 1) as ordered_quantity,
    coalesce(line_units.base_quantity, 1) as unit_base_quantity,
    invoice_lines.document_priced_amount as list_amount,
    greatest(
        invoice_lines.document_priced_amount,
        case when products.currency = invoice_lines.currency then {{ product_to_ten_places('invoice_lines.base_quantity', 'products.list_price_amount', 2) }} end,
        case
            when order_lines.currency = invoice_lines.currency and order_lines.price_base_quantity = invoice_lines.price_base_quantity
                then {{ priced('invoice_lines.quantity', 'order_lines.document_unit_price_amount', 'order_lines.price_base_quantity') }}
        end,
        {{ priced('invoice_lines.quantity', 'invoice_lines.document_gross_unit_price_amount', 'invoice_lines.price_base_quantity') }}
    ) as undiscounted_amount,
    coalesce(invoice_lines.document_discount_amount, 0) + coalesce(invoice_lines.document_allowance_amount, 0) as given_amount,
    coalesce(invoice_lines.document_allowance_amount, 0) as allowance_amount,
    invoice_lines.period_start_date,
    invoice_lines.period_end_date,
    products.family
from {{ ref('fct_invoice_lines') }} as invoice_lines
left join orders on invoice_lines.order_id = orders.order_id
inner join agreed_customers on coalesce(orders.customer_id, invoice_lines.customer_id) = agreed_customers.customer_id
left join products on invoice_lines.product_id = products.product_id
left join order_lines on invoice_lines.order_id = order_lines.order_id and invoice_lines.order_line_number = order_lines.line_number
left join conversions as line_units on invoice_lines.product_id = line_units.product_id and upper(trim(invoice_lines.unit)) = line_units.unit
left join conversions as order_units on order_lines.product_id = order_units.product_id and upper(trim(order_lines.unit)) = order_units.unit
left join shipped on invoice_lines.invoice_id = shipped.invoice_id and invoice_lines.line_number = shipped.line_number
where
    invoice_lines.document_type = 'invoice'
    and not invoice_lines.is_free
    and invoice_lines.quantity > 0
    and invoice_lines.document_unit_price_amount > 0
