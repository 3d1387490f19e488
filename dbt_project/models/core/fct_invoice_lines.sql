with invoice_lines as (
    select * from {{ ref('stg_order_to_cash__invoice_lines') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

allowances as (
    select * from {{ ref('int_allowances_apportioned') }}
),

products as (
    select * from {{ ref('stg_order_to_cash__products') }}
),

conversions as (
    {{ unit_conversions() }}
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
        invoices.period_start_date as header_period_start_date,
        invoices.period_end_date as header_period_end_date,
        coalesce(products.kind, 'goods') as product_kind,
        products.product_id is not null as has_known_product,
        coalesce(allowances.allowance_amount, 0) as allowance_amount,
        coalesce(allowances.charge_amount, 0) as document_level_charge_amount,
        invoices.document_sign,
        coalesce(line_units.base_quantity, 1) as units_of_line,
        -- A price may stand for another unit than the line's (BT-150: a tonne of kilos); where nothing converts it, nobody knows what the line costs.
        case
            when coalesce(upper(trim(invoice_lines.price_base_unit)) = upper(trim(invoice_lines.unit)), true) then coalesce(invoice_lines.price_base_quantity, 1)
            when coalesce(price_units.base_quantity, line_units.base_quantity) is not null
                then cast(cast(coalesce(invoice_lines.price_base_quantity, 1) as decimal(38, 4)) * coalesce(price_units.base_quantity, 1) * {{ per_unit('coalesce(line_units.base_quantity, 1)') }} as decimal(18, 4))
        end as priced_quantity
    from invoice_lines
    inner join invoices on invoice_lines.invoice_id = invoices.invoice_id
    left join products on invoice_lines.product_id = products.product_id
    left join conversions as price_units on invoice_lines.product_id = price_units.product_id and upper(trim(invoice_lines.price_base_unit)) = price_units.unit
    left join conversions as line_units on invoice_lines.product_id = line_units.product_id and upper(trim(invoice_lines.unit)) = line_units.unit
    left join allowances on invoice_lines.invoice_id = allowances.invoice_id and invoice_lines.line_number = allowances.line_number
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
    unit,
    cast(document_sign * quantity * units_of_line as decimal(18, 4)) as base_quantity,
    unit_price_amount as document_unit_price_amount,
    priced_quantity as price_base_quantity,
    {{ priced('(document_sign * quantity)', 'unit_price_amount', 'priced_quantity') }} as document_priced_amount,
    gross_unit_price_amount as document_gross_unit_price_amount,
    price_discount_amount as document_price_discount_amount,
    cast(document_sign * discount_amount as decimal(18, 4)) as document_discount_amount,
    cast(document_sign * charge_amount as decimal(18, 4)) as document_charge_amount,
    cast(document_sign * net_amount as decimal(18, 4)) as document_net_amount,
    cast(document_sign * allowance_amount as decimal(18, 4)) as document_allowance_amount,
    currency,
    {{ converted('document_sign * (net_amount - allowance_amount + document_level_charge_amount)', 'booking_rate') }} as net_amount,
    upper(trim(vat_category)) as vat_category,
    vat_share,
    coalesce(period_start_date, header_period_start_date) as period_start_date,
    coalesce(period_end_date, header_period_end_date) as period_end_date,
    coalesce(is_free, false) as is_free,
    product_kind
from signed
