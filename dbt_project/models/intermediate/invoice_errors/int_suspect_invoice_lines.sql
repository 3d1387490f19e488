-- The invoice lines of suspect orders beside their order line: its price in the document's currency, units and what is known of the document.
-- A line that names its order and no line of it bills those of its product together; at several prices any between them is right.
with suspects as (
    select * from {{ ref('int_suspect_orders') }}
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

order_lines as (
    select * from {{ ref('fct_order_lines') }}
),

orders as (
    select * from {{ ref('fct_orders') }}
),

together as (
    select * from {{ ref('int_order_lines_together') }}
),

invoice_lines as (
    select lines.* replace (coalesce(lines_together.order_line_number, lines.order_line_number) as order_line_number)
    from {{ ref('fct_invoice_lines') }} as lines
    inner join suspects on lines.order_id = suspects.order_id
    left join {{ ref('int_invoice_lines_together') }} as lines_together on lines.invoice_id = lines_together.invoice_id and lines.line_number = lines_together.line_number
),

-- An invoice that names an earlier one which nobody credited adds to its price.
credited as (
    select distinct corrects_invoice_id as invoice_id from invoices where document_class = 'credit'
),

conversions as (
    {{ unit_conversions() }}
),

returned as (
    select distinct
        deliveries.order_id,
        coalesce(together.first_line_number, deliveries.order_line_number) as order_line_number
    from {{ ref('fct_deliveries') }} as deliveries
    left join together on deliveries.order_id = together.order_id and deliveries.order_line_number = together.line_number
    where deliveries.is_return
)

select
    lines.*,
    invoices.corrects_invoice_id,
    invoices.reason_code,
    invoices.corrects_invoice_id is not null and invoices.corrects_invoice_id not in (select credited.invoice_id from credited where credited.invoice_id is not null)
        as adds_to_an_invoice,
    invoices.delivered_document_type in ('prepayment', '386') as is_prepayment_document,
    invoices.is_prepayment,
    invoices.is_part_billing,
    upper(trim(lines.unit)) is distinct from upper(trim(order_lines.unit)) and lines.unit is not null and order_lines.unit is not null as has_other_unit,
    coalesce(together.ordered_quantity, order_lines.quantity) as ordered_quantity,
    case
        when together.lowest_unit_price_amount < together.highest_unit_price_amount
            then least(greatest(
                cast((
                    lines.document_priced_amount - coalesce(lines.document_discount_amount, 0)
                    - case
                        when
                            lines.document_priced_amount - coalesce(lines.document_discount_amount, 0)
                            > cast(lines.quantity as decimal(38, 4)) * together.highest_unit_price_amount
                            then coalesce(lines.document_allowance_amount, 0)
                        else 0
                    end
                ) * {{ per_unit('lines.quantity') }} as decimal(28, 10)),
                together.lowest_unit_price_amount
            ), together.highest_unit_price_amount)
        else order_lines.document_net_unit_price_amount
    end
    * case when lines.currency = orders.invoice_currency and orders.invoice_currency <> orders.currency then coalesce(orders.invoice_rate, 1) else 1 end
        as ordered_unit_price_amount,
    lines.currency = orders.currency or (lines.currency = orders.invoice_currency and orders.invoice_rate is not null) as is_order_currency,
    coalesce(line_units.base_quantity, 1) as line_base_quantity,
    coalesce(order_units.base_quantity, 1) as order_base_quantity,
    line_units.base_quantity is not null or order_units.base_quantity is not null as has_conversion,
    returned.order_id is not null as has_return
from invoice_lines as lines
inner join invoices on lines.invoice_id = invoices.invoice_id
left join order_lines on lines.order_id = order_lines.order_id and lines.order_line_number = order_lines.line_number
left join orders on lines.order_id = orders.order_id
left join together on lines.order_id = together.order_id and lines.order_line_number = together.line_number
left join conversions as line_units on order_lines.product_id = line_units.product_id and upper(trim(lines.unit)) = line_units.unit
left join conversions as order_units on order_lines.product_id = order_units.product_id and upper(trim(order_lines.unit)) = order_units.unit
left join returned on lines.order_id = returned.order_id and lines.order_line_number = returned.order_line_number
where lines.order_line_number is not null
