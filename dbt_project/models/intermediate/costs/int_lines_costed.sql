-- Invoice lines beside what their goods cost. A line without a known unit cost has none; a credit line that names no product is money
-- only, and a line of no pieces is text. A final invoice takes the lines of the prepayment invoices that it deducts back.
{{ config(materialized='view') }}
with night as (
    select * from {{ ref('stg_company__night') }}
),

customers as (
    select * from {{ ref('dim_customers') }} where not is_unknown
),

invoices as (
    select * from {{ ref('fct_invoices') }}
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
        invoices.invoice_id,
        invoices.issued_month as month_start_date,
        invoices.is_held_out,
        invoices.size_class,
        invoices.industry_code,
        customers.customer_id,
        products.product_id,
        products.name as product_name,
        coalesce(products.family, 'unknown') as product_family,
        coalesce(products.is_cost_line, false) as is_cost_line,
        lines.net_amount,
        case
            when products.is_cost_line or lines.quantity = 0 or (lines.product_id is null and lines.document_type in ('credit_note', 'cancellation'))
                then 0
            when coalesce(products.currency, night.reporting_currency) = night.reporting_currency
                then cast(lines.base_quantity as decimal(38, 4)) * products.unit_cost_amount
            else cast(lines.base_quantity as decimal(38, 4)) * products.unit_cost_amount * rates.rate
        end as goods_amount
    from lines
    cross join night
    inner join invoices on lines.invoice_id = invoices.invoice_id
    left join customers on lines.customer_id = customers.customer_id
    left join products on lines.product_id = products.product_id
    left join rates on products.currency = rates.currency and lines.issued_date = rates.valid_date
)

select * from costed
union all
select
    invoices.invoice_id,
    invoices.issued_month,
    invoices.is_held_out,
    invoices.size_class,
    invoices.industry_code,
    costed.customer_id,
    costed.product_id,
    costed.product_name,
    costed.product_family,
    costed.is_cost_line,
    -({{ part_of_prepayment('costed.net_amount', 'prepaid.whole_amount') }}) as net_amount,
    -({{ part_of_prepayment('costed.goods_amount', 'prepaid.whole_amount') }}) as goods_amount
from {{ ref('int_prepayments_invoiced') }} as prepaid
inner join invoices on prepaid.invoice_id = invoices.invoice_id
inner join costed on prepaid.prepayment_invoice_id = costed.invoice_id
