-- What one invoice line says by itself, in one pass over all lines. Bookings of an adjustment are no sales documents and are left out.
with products as (
    select * from {{ ref('stg_order_to_cash__products') }}
),

coverage as (
    select count(*) > 0 as are_products_delivered from {{ ref('stg_company__entity_coverage') }} where entity = 'products' and is_delivered
),

free_order_lines as (
    select
        order_id,
        line_number
    from {{ ref('fct_order_lines') }}
    where document_unit_price_amount = 0 or is_free
),

currencies as (
    select * from {{ ref('currencies') }}
),

measured as (
    select
        lines.*,
        lines.document_net_amount - (
            lines.document_priced_amount - coalesce(lines.document_discount_amount, 0) + coalesce(lines.document_charge_amount, 0)
        ) as line_difference_amount,
        cast(abs(lines.quantity) as decimal(38, 4)) * {{ price_rounding('lines.document_unit_price_amount') }} as price_rounding_amount,
        lines.document_type = 'invoice' and lines.quantity > 0 as is_sale,
        lines.is_free or free_order_lines.order_id is not null as is_given_free,
        lines.document_priced_amount
        - coalesce(lines.document_discount_amount, 0) - coalesce(lines.document_allowance_amount, 0) as priced_amount,
        cast(lines.base_quantity as decimal(38, 4)) * products.unit_cost_amount as cost_amount,
        cast(lines.base_quantity as decimal(38, 4)) * products.list_price_amount as list_amount,
        products.currency as product_currency,
        -- What a service costs for a month says nothing of a part of it.
        lines.product_kind <> 'goods' and coalesce(lines.period_end_date + 1 < {{ day_months_later('lines.period_start_date', 1) }}, false) as is_part_of_a_month,
        lines.document_unit_price_amount - (lines.document_gross_unit_price_amount - coalesce(lines.document_price_discount_amount, 0)) as price_difference_amount,
        lines.document_net_amount - {{ rounded_to_units('lines.document_net_amount', 'currencies.minor_units') }} as decimals_amount,
        coverage.are_products_delivered
    from {{ ref('fct_invoice_lines') }} as lines
    cross join coverage
    left join products on lines.product_id = products.product_id
    left join currencies on lines.currency = currencies.currency
    left join free_order_lines on lines.order_id = free_order_lines.order_id and lines.order_line_number = free_order_lines.line_number
),

flagged as (
    select
        *,
        abs(line_difference_amount) > greatest(0.02, price_rounding_amount) as is_line_net_wrong,
        document_unit_price_amount < 0 or price_base_quantity <= 0 as has_negative_price,
        is_sale and document_unit_price_amount = 0 and document_net_amount = 0 and not is_given_free
        and (product_id is not null or order_line_number is not null) as has_zero_price,
        is_sale and document_unit_price_amount > 0 and priced_amount < cost_amount and not is_part_of_a_month and currency = product_currency and not is_given_free as is_below_cost,
        are_products_delivered and not has_known_product and product_id is not null as has_unknown_product,
        coalesce(price_difference_amount <> 0, false) as is_price_discount_wrong,
        decimals_amount <> 0 as has_too_many_decimals
    from measured
),

suspects as (
    select
        flagged.*,
        flagged.issued_date as event_date,
        invoices.booking_rate,
        -- EN 16931 has no rule on quantity times price; Peppol (R120, R046) has, and what builds on it.
        coalesce(
            lower(invoices.specification_id) not like '%peppol%' and lower(invoices.specification_id) not like '%xrechnung%'
            and lower(invoices.specification_id) not like '%nlcius%', false
        ) as is_plain_standard,
        invoices.is_part_billing or invoices.is_prepayment as bills_a_part
    from flagged
    inner join {{ ref('int_invoices_valued') }} as invoices on flagged.invoice_id = invoices.invoice_id
    where
        invoices.document_class <> 'adjustment'
        and (
            is_line_net_wrong or has_negative_price or has_zero_price or is_below_cost
            or has_unknown_product or has_too_many_decimals or is_price_discount_wrong
        )
)

{{ findings('suspects', [
    {'code': 'line_net_wrong', 'line': 'line_number', 'when': 'is_line_net_wrong and not is_plain_standard', 'stake': 'line_difference_amount',
     'evidence': told("net {figure document_net_amount}, but {number quantity} x {number document_unit_price_amount} less discount {figure document_discount_amount} with charge {figure document_charge_amount} is {figure document_net_amount - line_difference_amount}",
                      "netto {figure document_net_amount}, maar {number quantity} x {number document_unit_price_amount} min korting {figure document_discount_amount} met toeslag {figure document_charge_amount} is {figure document_net_amount - line_difference_amount}")},
    {'code': 'negative_price', 'line': 'line_number', 'when': 'has_negative_price', 'stake': 'document_net_amount',
     'evidence': told("price {number document_unit_price_amount}", "prijs {number document_unit_price_amount}")},
    {'code': 'zero_price', 'line': 'line_number', 'when': 'has_zero_price', 'stake': 'list_amount',
     'evidence': told("{number quantity} pieces of {product_id} at price zero; list price {figure list_amount} in all",
                      "{number quantity} stuks van {product_id} voor prijs nul; lijstprijs {figure list_amount} in totaal")},
    {'code': 'price_below_cost', 'line': 'line_number', 'when': 'is_below_cost and not bills_a_part', 'stake': 'cost_amount - priced_amount',
     'evidence': told("{figure priced_amount} for {number quantity} pieces that cost {figure cost_amount}",
                      "{figure priced_amount} voor {number quantity} stuks die {figure cost_amount} kosten")},
    {'code': 'price_discount_wrong', 'line': 'line_number', 'when': 'is_price_discount_wrong and not is_plain_standard', 'stake': 'cast(quantity as decimal(38, 4)) * price_difference_amount',
     'evidence': told("price {number document_unit_price_amount}, but gross price {number document_gross_unit_price_amount} less discount {number document_price_discount_amount}",
                      "prijs {number document_unit_price_amount}, maar brutoprijs {number document_gross_unit_price_amount} min korting {number document_price_discount_amount}")},
    {'code': 'line_not_by_price', 'line': 'line_number', 'when': 'is_plain_standard and (is_line_net_wrong or is_price_discount_wrong)', 'stake': 'line_difference_amount',
     'evidence': told("net {figure document_net_amount}, but by its own quantity and prices {figure document_net_amount - line_difference_amount}",
                      "netto {figure document_net_amount}, maar volgens de eigen hoeveelheid en prijzen {figure document_net_amount - line_difference_amount}")},
    {'code': 'unknown_product', 'line': 'line_number', 'when': 'has_unknown_product', 'stake': 'document_net_amount',
     'evidence': told("product {product_id} is not in the master", "product {product_id} staat niet in de stamgegevens")},
    {'code': 'too_many_decimals', 'line': 'line_number', 'when': 'has_too_many_decimals', 'stake': 'decimals_amount',
     'evidence': told("net {number document_net_amount} {currency}", "netto {number document_net_amount} {currency}")},
]) }}
