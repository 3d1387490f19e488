-- What stands behind open receivables: delivered and not invoiced, of closed orders too, and accepted orders that are still to be
-- delivered. What was credited is not billed again, and what came back is not billed at all.
with night as (
    select * from {{ ref('stg_company__night') }}
),

quantities as (
    select * from {{ ref('int_order_line_quantities') }}
    where cancelled_date is null and coalesce(status, 'open') <> 'cancelled'
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

valued as (
    select
        quantities.customer_id,
        case when quantities.currency = night.reporting_currency then cast(1 as decimal(18, 8)) else rates.rate end as rate,
        greatest(quantities.delivered_quantity - quantities.returned_quantity - quantities.invoiced_quantity + quantities.cancelled_quantity, 0)
        * cast(quantities.net_unit_price_amount as decimal(18, 4)) as unbilled_amount,
        case
            when coalesce(quantities.status, 'open') = 'closed' then 0
            else greatest(quantities.ordered_quantity - greatest(quantities.delivered_quantity, quantities.net_invoiced_quantity), 0)
        end * cast(quantities.net_unit_price_amount as decimal(18, 4)) as ordered_amount
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
