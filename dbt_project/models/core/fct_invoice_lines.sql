with invoice_lines as (
    select * from {{ ref('stg_order_to_cash__invoice_lines') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

products as (
    select * from {{ ref('stg_order_to_cash__products') }}
),

signed as (
    select
        invoice_lines.*,
        invoices.customer_id,
        invoices.issued_date,
        invoices.document_type,
        invoices.currency,
        invoices.booking_rate,
        invoices.order_id as header_order_id,
        products.product_id is not null as has_known_product,
        case when invoices.document_type in ('credit_note', 'cancellation') then -1 else 1 end as document_sign
    from invoice_lines
    inner join invoices on invoice_lines.invoice_id = invoices.invoice_id
    left join products on invoice_lines.product_id = products.product_id
)

select
    invoice_id,
    line_number,
    document_type,
    customer_id,
    issued_date,
    coalesce(order_id, header_order_id) as order_id,
    order_id as delivered_order_id,
    order_line_number,
    delivery_id,
    product_id,
    has_known_product,
    description,
    cast(document_sign * quantity as decimal(18, 4)) as quantity,
    unit_price_amount as document_unit_price_amount,
    cast(document_sign * discount_amount as decimal(18, 4)) as document_discount_amount,
    cast(document_sign * charge_amount as decimal(18, 4)) as document_charge_amount,
    cast(document_sign * net_amount as decimal(18, 4)) as document_net_amount,
    currency,
    {{ converted('document_sign * net_amount', 'booking_rate') }} as net_amount,
    vat_category,
    vat_share
from signed
