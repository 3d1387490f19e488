-- What stands behind open receivables: delivered and not invoiced, and accepted orders that are still to be delivered.
with night as (
    select * from {{ ref('stg_company__night') }}
),

quantities as (
    select * from {{ ref('int_order_line_quantities') }}
    where cancelled_date is null and coalesce(status, 'open') not in ('closed', 'cancelled')
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

valued as (
    select
        quantities.customer_id,
        case when quantities.currency = night.reporting_currency then cast(1 as decimal(18, 8)) else rates.rate end as rate,
        greatest(quantities.billable_quantity - quantities.net_invoiced_quantity, 0) * cast(quantities.net_unit_price_amount as decimal(18, 4)) as unbilled_amount,
        greatest(quantities.ordered_quantity - greatest(quantities.delivered_quantity, quantities.net_invoiced_quantity), 0)
        * cast(quantities.net_unit_price_amount as decimal(18, 4)) as ordered_amount
    from quantities
    cross join night
    left join rates on quantities.currency = rates.currency and night.report_date = rates.valid_date
)

select
    customer_id,
    coalesce(sum({{ converted('cast(unbilled_amount as decimal(18, 4))', 'rate') }}), 0) as delivered_not_billed_amount,
    coalesce(sum({{ converted('cast(ordered_amount as decimal(18, 4))', 'rate') }}), 0) as accepted_orders_amount
from valued
group by 1
