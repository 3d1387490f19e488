-- Prices and discounts against what was agreed. Of several agreements of one kind, for the product or for its family, the nearest one is meant:
-- nobody ended the one of last year, or one month has a price of its own. Of what is left the best one for the customer counts.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

invoices as (
    select
        invoice_id,
        booking_rate
    from {{ ref('int_invoices_valued') }}
),

reached as (
    select *
    from {{ ref('int_agreed_lines') }}
    where tier_quantity >= minimum_quantity and (next_minimum_quantity is null or tier_quantity < next_minimum_quantity)
    qualify row_number() over (
        partition by invoice_id, line_number, is_of_product, minimum_quantity, agreed_price_amount is null
        order by abs(list_amount - given_amount - cast(quantity as decimal(38, 4)) * agreed_price_amount), abs(list_amount * agreed_discount_share - given_amount), agreement_id
    ) = 1
),

customers as (
    select
        customer_id,
        price_tolerance_share
    from {{ ref('dim_customers') }}
    where price_tolerance_share is not null
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
        cast(any_value(list_amount) * {{ per_unit('any_value(quantity)') }} as decimal(18, 8)) as unit_price_amount,
        any_value(undiscounted_amount) as undiscounted_amount,
        any_value(given_amount) as given_amount,
        any_value(allowance_amount) as allowance_amount,
        max(agreed_discount_share) as agreed_discount_share,
        min(lowest_discount_share) as lowest_discount_share,
        min(agreed_price_amount) as agreed_price_amount,
        max(list_amount * agreed_discount_share) as agreed_amount,
        max(minimum_quantity) as minimum_quantity,
        coalesce(bool_or(is_of_months), false) as is_of_months
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
        agreed.agreed_discount_share is not null and agreed.agreed_amount - agreed.given_amount > 0.02
        -- A price is printed in cents: what is left of a discount within it is rounded by half a cent a piece, of a price in cents.
        and not (
            agreed.undiscounted_amount > agreed.list_amount
            and agreed.list_amount - agreed.given_amount <= agreed.undiscounted_amount * (1 - agreed.agreed_discount_share)
            + greatest(0.02, least(agreed.quantity * 0.005, 0.05 * agreed.list_amount))
        ) as is_discount_too_small,
        agreed.agreed_discount_share is not null and agreed.given_amount - agreed.agreed_amount > 0.02 as is_discount_too_large,
        abs(agreed.list_amount * agreed.lowest_discount_share - agreed.given_amount) <= 0.02 and agreed.minimum_quantity > 0 as is_lower_tier_used,
        agreed.list_amount - agreed.given_amount - cast(agreed.quantity as decimal(38, 4)) * agreed.agreed_price_amount as price_difference_amount,
        agreed.quantity * greatest({{ price_tolerance('parameters.price_tolerance_amount', 'agreed.agreed_price_amount', 'agreed.unit_price_amount') }}, agreed.agreed_price_amount * greatest(parameters.price_tolerance_share, coalesce(customers.price_tolerance_share, 0))) as price_tolerance_amount
    from agreed
    cross join parameters
    inner join invoices on agreed.invoice_id = invoices.invoice_id
    left join customers on agreed.customer_id = customers.customer_id
)

{%- set english = '{figure agreed_discount_share * 100}% agreed is {figure agreed_amount}, given {figure given_amount}' %}
{%- set dutch = '{figure agreed_discount_share * 100}% afgesproken is {figure agreed_amount}, gegeven {figure given_amount}' %}

{{ findings('compared', [
    {'code': 'discount_not_applied', 'line': 'line_number', 'when': 'is_discount_too_small', 'stake': 'agreed_amount - given_amount', 'evidence': told(english, dutch)},
    {'code': 'volume_tier_missed', 'line': 'line_number', 'when': 'is_discount_too_small and is_lower_tier_used', 'stake': 'agreed_amount - given_amount',
     'evidence': told(english ~ "; the tier from {number minimum_quantity} pieces was reached", dutch ~ "; de staffel vanaf {number minimum_quantity} stuks was bereikt")},
    {'code': 'discount_given_twice', 'line': 'line_number', 'when': 'is_discount_given_twice', 'stake': 'given_amount - agreed_amount',
     'evidence': told(english ~ ", of which {figure allowance_amount} on the document as a whole", dutch ~ ", waarvan {figure allowance_amount} op het document als geheel")},
    {'code': 'discount_above_agreement', 'line': 'line_number', 'when': 'is_discount_too_large and not is_discount_given_twice', 'stake': 'given_amount - agreed_amount', 'evidence': told(english, dutch)},
    {'code': 'price_differs_from_agreement', 'line': 'line_number', 'when': 'abs(price_difference_amount) > price_tolerance_amount and not is_of_months', 'stake': 'price_difference_amount',
     'evidence': told("agreed {figure agreed_price_amount} a piece for {number quantity} pieces, invoiced {figure list_amount - given_amount} in all",
                      "afgesproken {figure agreed_price_amount} per stuk voor {number quantity} stuks, gefactureerd {figure list_amount - given_amount} in totaal")},
]) }}
