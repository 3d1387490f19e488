-- What the lines of the invoices cost: goods at their unit cost, and lines that are no sale but a cost (families of products in
-- the variable cost_line_families: postage, fees, corrections). A line without a known unit cost leaves its revenue uncosted;
-- a credit line that names no product is money only.
with night as (
    select * from {{ ref('stg_company__night') }}
),

customers as (
    select * from {{ ref('dim_customers') }} where not is_unknown
),

invoices as (
    select * from {{ ref('fct_invoices') }} where not is_held_out
),

lines as (
    select * from {{ ref('fct_invoice_lines') }}
),

products as (
    select
        *,
        family in ('{{ var("cost_line_families") | join("', '") }}') as is_cost_line
    from {{ ref('dim_products') }}
),

rates as (
    select * from {{ ref('int_exchange_rates_daily') }}
),

costed as (
    select
        invoices.issued_month as month_start_date,
        customers.customer_id,
        products.product_id,
        products.name as product_name,
        coalesce(products.family, 'unknown') as product_family,
        coalesce(products.is_cost_line, false) as is_cost_line,
        lines.net_amount,
        case
            when lines.product_id is null and lines.document_type in ('credit_note', 'cancellation') then 0
            when coalesce(products.currency, night.reporting_currency) = night.reporting_currency
                then cast(lines.quantity as decimal(38, 4)) * products.unit_cost_amount
            else cast(lines.quantity as decimal(38, 4)) * products.unit_cost_amount * rates.rate
        end as goods_amount
    from lines
    cross join night
    inner join invoices on lines.invoice_id = invoices.invoice_id
    left join customers on lines.customer_id = customers.customer_id
    left join products on lines.product_id = products.product_id
    left join rates on products.currency = rates.currency and lines.issued_date = rates.valid_date
)

select
    month_start_date,
    customer_id,
    product_family,
    is_cost_line,
    case when is_cost_line then product_name end as cost_line_name,
    cast(sum(net_amount) as decimal(18, 4)) as net_amount,
    {{ rounded_half_up('sum(case when not is_cost_line then coalesce(goods_amount, 0) else 0 end)') }} as cost_of_goods_amount,
    cast(sum(case when not is_cost_line and goods_amount is null then net_amount else 0 end) as decimal(18, 4)) as uncosted_amount,
    count(case when not is_cost_line and goods_amount is null then 1 end) as uncosted_line_count
from costed
group by 1, 2, 3, 4, 5
