-- What was delivered against what was promised, invoiced and credited.
with night as (
    select * from {{ ref('stg_company__night') }}
),

parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

coverage as (
    select count(*) > 0 as are_deliveries_delivered from {{ ref('stg_company__entity_coverage') }} where entity = 'deliveries' and is_delivered
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

rejected_orders as (
    select distinct order_id from {{ ref('int_invoices_rejected') }} where order_id is not null
),

-- What a document gives back without naming the order line: by customer and product.
loose_returns as (
    select
        customer_id,
        product_id,
        sum(-quantity) as quantity
    from {{ ref('fct_invoice_lines') }}
    where quantity < 0 and order_line_number is null and product_id is not null
    group by customer_id, product_id
),

order_lines as (
    select
        quantities.*,
        rejected_orders.order_id is not null as has_rejected_invoice,
        cast(null as varchar) as invoice_id,
        coalesce(quantities.last_returned_date, quantities.last_delivered_date, quantities.ordered_date) as event_date,
        case when quantities.currency = night.reporting_currency then cast(1 as decimal(18, 8)) else rates.rate end as booking_rate,
        -- What came back needs a credit as far as more is billed than stayed: not what was never billed, nor what was exchanged.
        least(
            quantities.returned_quantity,
            greatest(quantities.invoiced_quantity, quantities.prepaid_quantity) - quantities.credited_quantity - quantities.cancelled_quantity
            - (quantities.delivered_quantity - quantities.returned_quantity)
        ) - coalesce(loose_returns.quantity, 0) as uncredited_quantity,
        quantities.last_returned_date + parameters.return_credit_grace_days < night.report_date as is_return_old_enough,
        quantities.billable_quantity - quantities.returned_quantity - quantities.free_quantity - (greatest(quantities.invoiced_quantity, quantities.prepaid_quantity) - quantities.cancelled_quantity) as unbilled_quantity,
        quantities.ordered_quantity - quantities.delivered_quantity as short_quantity,
        coverage.are_deliveries_delivered and lower(quantities.status) in ('closed', 'completed', 'c') and quantities.cancelled_date is null
        and quantities.is_delivery_expected
        and quantities.ordered_quantity - quantities.delivered_quantity > quantities.ordered_quantity * quantities.quantity_tolerance_share as is_closed_short
    from {{ ref('int_order_line_quantities') }} as quantities
    cross join night
    cross join parameters
    cross join coverage
    left join rates on quantities.currency = rates.currency and quantities.ordered_date = rates.valid_date
    left join loose_returns on quantities.customer_id = loose_returns.customer_id and quantities.product_id = loose_returns.product_id
    left join rejected_orders on quantities.order_id = rejected_orders.order_id
),

orders as (
    select * from {{ ref('fct_orders') }}
),

late_deliveries as (
    select
        deliveries.delivery_id,
        deliveries.order_id,
        any_value(orders.customer_id) as customer_id,
        cast(null as varchar) as invoice_id,
        max(deliveries.delivered_date) as event_date,
        min(deliveries.promised_date) as promised_date,
        cast(1 as decimal(18, 8)) as booking_rate
    from {{ ref('fct_deliveries') }} as deliveries
    left join orders on deliveries.order_id = orders.order_id
    where deliveries.delivered_date > deliveries.promised_date and not deliveries.is_return
    group by deliveries.delivery_id, deliveries.order_id
)

{{ findings('order_lines', [
    {'code': 'return_not_credited', 'kind': 'order', 'id': 'order_id', 'line': 'order_line_number',
     'when': 'uncredited_quantity > 0 and is_return_old_enough', 'stake': 'cast(uncredited_quantity as decimal(38, 4)) * net_unit_price_amount',
     'evidence': told("{number returned_quantity} came back until {day last_returned_date}, {number credited_quantity + cancelled_quantity} credited",
                      "{number returned_quantity} kwam terug tot en met {day last_returned_date}, {number credited_quantity + cancelled_quantity} gecrediteerd")},
    {'code': 'delivered_not_invoiced', 'kind': 'order', 'id': 'order_id', 'line': 'order_line_number',
     'when': 'unbilled_quantity > 0 and net_unit_price_amount > 0 and not has_rejected_invoice', 'stake': 'cast(unbilled_quantity as decimal(38, 4)) * net_unit_price_amount',
     'evidence': told("{number billable_quantity - returned_quantity} delivered until {day last_delivered_date}, {number invoiced_quantity - cancelled_quantity} invoiced",
                      "{number billable_quantity - returned_quantity} geleverd tot en met {day last_delivered_date}, {number invoiced_quantity - cancelled_quantity} gefactureerd")},
    {'code': 'delivered_short_unfulfilled', 'kind': 'order', 'id': 'order_id', 'line': 'order_line_number',
     'when': 'is_closed_short', 'stake': 'cast(short_quantity as decimal(38, 4)) * net_unit_price_amount',
     'evidence': told("{number delivered_quantity} delivered of {number ordered_quantity} ordered, and the order is closed",
                      "{number delivered_quantity} geleverd van {number ordered_quantity} besteld, en de order is gesloten")},
]) }}
union all
{{ findings('late_deliveries', [
    {'code': 'delivered_late', 'kind': 'delivery', 'id': 'delivery_id', 'when': 'true',
     'evidence': told("promised for {day promised_date}, delivered on {day event_date}", "toegezegd voor {day promised_date}, geleverd op {day event_date}")},
]) }}
