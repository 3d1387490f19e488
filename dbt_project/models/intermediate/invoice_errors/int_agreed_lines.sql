-- Invoice lines beside the price agreement of the customer who ordered: the one that holds on the order date for the quantity of the
-- order line. Only lines that the agreement contradicts, or for which a further tier exists, are kept.
with agreements as (
    select
        *,
        lead(minimum_quantity) over (
            partition by customer_id, product_id, family, valid_from_date, valid_until_date, net_price_amount is null order by minimum_quantity
        ) as next_minimum_quantity,
        first_value(discount_share) over (
            partition by customer_id, product_id, family, valid_from_date, valid_until_date, net_price_amount is null order by minimum_quantity
        ) as lowest_discount_share
    from {{ ref('fct_price_agreements') }}
),

products as (
    select
        product_id,
        family
    from {{ ref('dim_products') }}
),

agreed_customers as (
    select distinct customer_id from agreements
),

orders as (
    select
        order_id,
        ordered_date,
        customer_id
    from {{ ref('fct_orders') }}
),

lines as (
    select
        invoice_lines.invoice_id,
        invoice_lines.line_number,
        invoice_lines.order_id,
        invoice_lines.order_line_number,
        invoice_lines.customer_id,
        agreed_customers.customer_id as agreed_customer_id,
        invoice_lines.product_id,
        invoice_lines.issued_date as event_date,
        coalesce(orders.ordered_date, invoice_lines.issued_date) as agreed_date,
        invoice_lines.quantity,
        cast(cast(invoice_lines.quantity as decimal(38, 4)) * invoice_lines.document_unit_price_amount as decimal(38, 10)) as list_amount,
        coalesce(invoice_lines.document_discount_amount, 0) + coalesce(invoice_lines.document_allowance_amount, 0) as given_amount,
        coalesce(invoice_lines.document_allowance_amount, 0) as allowance_amount,
        products.family
    from {{ ref('fct_invoice_lines') }} as invoice_lines
    left join orders on invoice_lines.order_id = orders.order_id
    inner join agreed_customers on coalesce(orders.customer_id, invoice_lines.customer_id) = agreed_customers.customer_id
    left join products on invoice_lines.product_id = products.product_id
    where
        invoice_lines.document_type in ('invoice', 'debit_note')
        and invoice_lines.quantity > 0
        and invoice_lines.document_unit_price_amount > 0
)

select
    lines.*,
    agreements.agreement_id,
    agreements.net_price_amount as agreed_price_amount,
    agreements.discount_share as agreed_discount_share,
    agreements.lowest_discount_share,
    coalesce(agreements.minimum_quantity, 0) as minimum_quantity,
    agreements.next_minimum_quantity
from lines
inner join agreements
    on
        lines.agreed_customer_id = agreements.customer_id
        and (lines.product_id = agreements.product_id or (agreements.product_id is null and lines.family = agreements.family))
        and lines.agreed_date >= agreements.valid_from_date
        and (agreements.valid_until_date is null or lines.agreed_date < agreements.valid_until_date)
where
    agreements.next_minimum_quantity is not null
    or coalesce(agreements.minimum_quantity, 0) > 0
    or abs(lines.list_amount - lines.given_amount - cast(lines.quantity as decimal(38, 4)) * agreements.net_price_amount) > 0
    or abs(lines.list_amount * agreements.discount_share - lines.given_amount) > 0.02
