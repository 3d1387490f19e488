-- Invoice lines beside the price agreement of the customer who ordered, or else of the nearest of its owners: the one that holds on the
-- order date for the quantity of the order line, in base units. A price may be agreed for the unit of the line or for its base unit: the
-- nearer one is meant. Only lines that one of their agreements contradicts, or for which a further tier exists, are kept.
with agreements as (
    select
        *,
        lead(minimum_quantity) over (
            partition by customer_id, owner_id, product_id, family, valid_from_date, valid_until_date, net_price_amount is null, currency, tier_basis
            order by minimum_quantity
        ) as next_minimum_quantity,
        first_value(discount_share) over (
            partition by customer_id, owner_id, product_id, family, valid_from_date, valid_until_date, net_price_amount is null, currency, tier_basis
            order by minimum_quantity
        ) as lowest_discount_share
    from {{ ref('int_prices_agreed') }}
    where is_binding
),

lines as (
    select * from {{ ref('int_lines_priced') }}
),

held as (
    select
        lines.*,
        agreements.agreement_id,
        agreements.product_id is not null as is_of_product,
        case
            when agreements.currency = lines.currency
                then cast(agreements.net_price_amount as decimal(38, 8)) * case
                    when
                        abs(lines.list_amount - lines.given_amount - cast(lines.quantity as decimal(38, 4)) * lines.unit_base_quantity * agreements.net_price_amount)
                        < abs(lines.list_amount - lines.given_amount - cast(lines.quantity as decimal(38, 4)) * agreements.net_price_amount)
                        then lines.unit_base_quantity
                    else 1
                end
        end as agreed_price_amount,
        agreements.currency = lines.currency
        and ({{ is_of_months('lines.list_amount - lines.given_amount', 'lines.quantity * agreements.net_price_amount', 'lines.period_start_date', 'lines.period_end_date') }})
            as is_of_months,
        agreements.discount_share as agreed_discount_share,
        agreements.lowest_discount_share,
        coalesce(agreements.minimum_quantity, 0) as minimum_quantity,
        agreements.next_minimum_quantity,
        agreements.tier_basis,
        case agreements.price_date when 'delivery' then lines.shipped_date when 'invoice' then lines.event_date else lines.ordered_date end as agreed_date
    from lines
    inner join agreements
        on
            lines.agreed_customer_id = agreements.customer_id
            and (lines.product_id = agreements.product_id or (agreements.product_id is null and lines.family = agreements.family))
            and (case agreements.price_date when 'delivery' then lines.shipped_date when 'invoice' then lines.event_date else lines.ordered_date end)
            >= agreements.valid_from_date
            and (
                agreements.valid_until_date is null
                or (case agreements.price_date when 'delivery' then lines.shipped_date when 'invoice' then lines.event_date else lines.ordered_date end)
                < agreements.valid_until_date
            )
    qualify rank() over (partition by lines.invoice_id, lines.line_number order by agreements.step_number) = 1
),

-- An order line may be invoiced in parts: its own quantity decides which tier was reached, or all that was cumulated up to it.
cumulated as (
    select
        *,
        case
            when tier_basis = 'line' then greatest(cast(quantity as decimal(38, 4)) * unit_base_quantity, coalesce(ordered_quantity, 0))
            else greatest(coalesce(ordered_quantity, 0), sum(cast(quantity as decimal(38, 4)) * unit_base_quantity) over (
                partition by agreement_id, case tier_basis
                    when 'order' then order_id
                    when 'month' then cast({{ month_start('agreed_date') }} as varchar)
                    when 'quarter' then cast({{ quarter_start('agreed_date') }} as varchar)
                    else cast({{ year_start('agreed_date') }} as varchar)
                end
                order by agreed_date, invoice_id, line_number
            ))
        end as tier_quantity
    from held
)

select *
from cumulated
qualify bool_or(
    minimum_quantity > 0
    or abs(list_amount - given_amount - cast(quantity as decimal(38, 4)) * agreed_price_amount) > 0
    or abs(list_amount * agreed_discount_share - given_amount) > 0.02
) over (partition by invoice_id, line_number)
