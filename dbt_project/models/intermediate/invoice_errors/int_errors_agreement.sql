-- Prices and discounts against what was agreed. Where several agreements hold, the best one for the customer counts.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

invoices as (
    select
        invoice_id,
        booking_rate
    from {{ ref('int_invoices_valued') }}
),

order_lines as (
    select
        order_id,
        line_number,
        quantity
    from {{ ref('fct_order_lines') }}
),

-- An order line may be invoiced in parts: its own quantity decides which tier was reached.
reached as (
    select lines.*
    from {{ ref('int_agreed_lines') }} as lines
    left join order_lines on lines.order_id = order_lines.order_id and lines.order_line_number = order_lines.line_number
    where
        greatest(lines.quantity, coalesce(order_lines.quantity, lines.quantity)) >= lines.minimum_quantity
        and (lines.next_minimum_quantity is null or greatest(lines.quantity, coalesce(order_lines.quantity, lines.quantity)) < lines.next_minimum_quantity)
),

agreed as (
    select
        invoice_id,
        line_number,
        any_value(order_id) as order_id,
        any_value(customer_id) as customer_id,
        any_value(event_date) as event_date,
        any_value(quantity) as quantity,
        any_value(list_amount) as list_amount,
        any_value(given_amount) as given_amount,
        any_value(allowance_amount) as allowance_amount,
        max(agreed_discount_share) as agreed_discount_share,
        min(lowest_discount_share) as lowest_discount_share,
        min(agreed_price_amount) as agreed_price_amount,
        max(list_amount * agreed_discount_share) as agreed_amount,
        max(minimum_quantity) as minimum_quantity
    from reached
    group by invoice_id, line_number
),

compared as (
    select
        agreed.*,
        -- In full on the line, and once more in the allowance of the document on what was left.
        agreed.agreed_discount_share > 0
        and agreed.given_amount - agreed.allowance_amount >= agreed.agreed_amount - 0.02
        and agreed.allowance_amount >= (agreed.list_amount - agreed.given_amount + agreed.allowance_amount) * agreed.agreed_discount_share - 0.02
        and agreed.allowance_amount > 0.02 as is_discount_given_twice,
        invoices.booking_rate,
        agreed.agreed_discount_share is not null and agreed.agreed_amount - agreed.given_amount > 0.02 as is_discount_too_small,
        agreed.agreed_discount_share is not null and agreed.given_amount - agreed.agreed_amount > 0.02 as is_discount_too_large,
        abs(agreed.list_amount * agreed.lowest_discount_share - agreed.given_amount) <= 0.02 and agreed.minimum_quantity > 0 as is_lower_tier_used,
        agreed.list_amount - agreed.given_amount - cast(agreed.quantity as decimal(38, 4)) * agreed.agreed_price_amount as price_difference_amount,
        agreed.quantity * greatest(parameters.price_tolerance_amount, agreed.agreed_price_amount * parameters.price_tolerance_share) as price_tolerance_amount
    from agreed
    cross join parameters
    inner join invoices on agreed.invoice_id = invoices.invoice_id
)

{%- set words = figure('agreed_discount_share * 100') ~ " || '% agreed is ' || " ~ figure('agreed_amount') ~ " || ', given ' || " ~ figure('given_amount') %}

{{ findings('compared', [
    {'code': 'discount_not_applied', 'line': 'line_number', 'when': 'is_discount_too_small', 'stake': 'agreed_amount - given_amount', 'evidence': words},
    {'code': 'volume_tier_missed', 'line': 'line_number', 'when': 'is_discount_too_small and is_lower_tier_used', 'stake': 'agreed_amount - given_amount',
     'evidence': words ~ " || '; the tier from ' || " ~ figure('minimum_quantity') ~ " || ' pieces was reached'"},
    {'code': 'discount_given_twice', 'line': 'line_number', 'when': 'is_discount_given_twice', 'stake': 'given_amount - agreed_amount',
     'evidence': words ~ " || ', of which ' || " ~ figure('allowance_amount') ~ " || ' on the document as a whole'"},
    {'code': 'discount_above_agreement', 'line': 'line_number', 'when': 'is_discount_too_large and not is_discount_given_twice', 'stake': 'given_amount - agreed_amount', 'evidence': words},
    {'code': 'price_differs_from_agreement', 'line': 'line_number', 'when': 'abs(price_difference_amount) > price_tolerance_amount', 'stake': 'price_difference_amount',
     'evidence': "'agreed ' || " ~ figure('agreed_price_amount') ~ " || ' a piece for ' || " ~ figure('quantity') ~ " || ' pieces, invoiced ' || " ~ figure('list_amount - given_amount') ~ " || ' in all'"},
]) }}
