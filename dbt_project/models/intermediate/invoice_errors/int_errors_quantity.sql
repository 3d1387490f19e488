-- What was invoiced against what was ordered and delivered.
with coverage as (
    select count(*) > 0 as are_deliveries_delivered from {{ ref('stg_company__entity_coverage') }} where entity = 'deliveries' and is_delivered
),

lines as (
    select
        lines.*,
        coverage.are_deliveries_delivered
    from {{ ref('int_order_lines_invoiced') }} as lines
    cross join coverage
),

order_products as (
    select distinct
        order_id,
        product_id
    from {{ ref('int_order_line_quantities') }}
),

flagged as (
    select
        lines.*,
        lines.are_deliveries_delivered and lines.is_delivery_expected and not lines.is_prepayment and lines.billed_as <> 'part'
        and (lines.first_shipped_date is null or lines.first_shipped_date > lines.event_date) as is_not_delivered,
        lines.product_id is not null and lines.ordered_product_id <> lines.product_id and order_products.order_id is null as is_not_ordered,
        lines.billed_as not in ('unit', 'money') and upper(trim(lines.unit)) <> upper(trim(lines.ordered_unit))
        and (
            {%- for ratio in (10, 12, 100, 1000) %}
            lines.quantity = lines.ordered_quantity * {{ ratio }} or lines.ordered_quantity = lines.quantity * {{ ratio }}{{ ' or' if not loop.last }}
            {%- endfor %}
        ) as is_unit_mismatched
    from lines
    left join order_products on lines.order_id = order_products.order_id and lines.product_id = order_products.product_id
),

invoices as (
    select
        invoice_id,
        booking_rate
    from {{ ref('int_invoices_valued') }}
),

negative_lines as (
    select
        lines.*,
        lines.issued_date as event_date,
        invoices.booking_rate
    from {{ ref('int_negative_lines') }} as lines
    inner join invoices on lines.invoice_id = invoices.invoice_id
    where not lines.is_explained
),

-- A line may name its order and no line of it.
known_orders as (
    select
        order_id,
        list(distinct product_id) as product_ids
    from {{ ref('fct_order_lines') }}
    group by order_id
),

unordered_lines as (
    select
        lines.*,
        lines.issued_date as event_date,
        invoices.booking_rate
    from {{ ref('fct_invoice_lines') }} as lines
    inner join invoices on lines.invoice_id = invoices.invoice_id
    inner join known_orders on lines.delivered_order_id = known_orders.order_id
    where
        lines.document_type = 'invoice' and lines.order_line_number is null and lines.product_id is not null and lines.quantity > 0
        and lines.product_kind in ('goods', 'service') and not list_contains(known_orders.product_ids, lines.product_id)
)

{{ findings('flagged', [
    {'code': 'quantity_above_delivered', 'line': 'line_number',
     'when': "are_deliveries_delivered and is_delivery_expected and not is_prepayment and billed_as <> 'part' and delivered_quantity > 0 and above_delivered_quantity > delivered_tolerance",
     'stake': 'cast(above_delivered_quantity as decimal(38, 4)) * net_unit_price_amount',
     'evidence': told("{number net_invoiced_quantity} invoiced of order {order_id} line {order_line_number}, {number delivered_quantity} delivered; {number above_delivered_quantity} too many on this line",
                      "{number net_invoiced_quantity} gefactureerd van order {order_id} regel {order_line_number}, {number delivered_quantity} geleverd; {number above_delivered_quantity} te veel op deze regel")},
    {'code': 'quantity_above_ordered', 'line': 'line_number', 'when': 'above_ordered_quantity > quantity_tolerance', 'stake': 'cast(above_ordered_quantity as decimal(38, 4)) * net_unit_price_amount',
     'evidence': told("{number net_invoiced_quantity} invoiced of order {order_id} line {order_line_number}, {number ordered_quantity} ordered; {number above_ordered_quantity} too many on this line",
                      "{number net_invoiced_quantity} gefactureerd van order {order_id} regel {order_line_number}, {number ordered_quantity} besteld; {number above_ordered_quantity} te veel op deze regel")},
    {'code': 'unit_mismatch', 'line': 'line_number', 'when': 'is_unit_mismatched', 'stake': 'cast(quantity - ordered_quantity as decimal(38, 4)) * net_unit_price_amount',
     'evidence': told("{number quantity} {unit} invoiced; order {order_id} line {order_line_number} says {number ordered_quantity} {ordered_unit}",
                      "{number quantity} {unit} gefactureerd; order {order_id} regel {order_line_number} zegt {number ordered_quantity} {ordered_unit}")},
    {'code': 'item_not_ordered', 'line': 'line_number', 'when': 'is_not_ordered', 'stake': 'document_net_amount',
     'evidence': told("product {product_id} is not on order {order_id}; its line {order_line_number} is about {ordered_product_id}",
                      "product {product_id} staat niet op order {order_id}; regel {order_line_number} daarvan gaat over {ordered_product_id}")},
    {'code': 'item_not_delivered', 'line': 'line_number', 'when': 'is_not_delivered', 'stake': 'document_net_amount',
     'evidence': told_when('first_shipped_date is null',
         told("no delivery of order {order_id} line {order_line_number}, invoiced on {day event_date}", "geen levering van order {order_id} regel {order_line_number}, gefactureerd op {day event_date}"),
         told("first shipped on {day first_shipped_date} of order {order_id} line {order_line_number}, invoiced on {day event_date}",
              "order {order_id} regel {order_line_number} is voor het eerst verzonden op {day first_shipped_date}, gefactureerd op {day event_date}"))},
]) }}
union all
{{ findings('unordered_lines', [
    {'code': 'item_not_ordered', 'line': 'line_number', 'when': 'true', 'stake': 'document_net_amount', 'evidence': told("product {product_id} is not on order {order_id}", "product {product_id} staat niet op order {order_id}")},
]) }}
union all
{{ findings('negative_lines', [
    {'code': 'negative_quantity_on_invoice', 'line': 'line_number', 'when': 'true', 'stake': 'document_net_amount',
     'evidence': told("quantity {number quantity} on a document that is no credit note", "hoeveelheid {number quantity} op een document dat geen creditnota is")},
]) }}
