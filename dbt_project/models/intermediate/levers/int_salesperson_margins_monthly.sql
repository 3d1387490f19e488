-- What a salesperson's invoices brought above their goods, in each whole month in which the salesperson was there, also where that is nothing. A line without
-- a known cost is left out, revenue and all.
with months as (
    select * from {{ ref('dim_months') }} where is_complete
),

salespeople as (
    select * from {{ ref('dim_salespeople') }} where salesperson_id <> 'unknown'
),

invoices as (
    select * from {{ ref('fct_invoices') }} where not is_held_out
),

lines as (
    select * from {{ ref('int_lines_costed') }} where goods_amount is not null and not is_held_out
),

sold as (
    select
        invoices.salesperson_id,
        {{ month_start('invoices.issued_date') }} as month_start_date,
        sum(lines.net_amount - lines.goods_amount) as margin_amount
    from lines
    inner join invoices on lines.invoice_id = invoices.invoice_id
    group by 1, 2
)

select
    salespeople.salesperson_id,
    coalesce(salespeople.team, 'unknown') as team,
    months.month_start_date,
    cast({{ months_between('salespeople.started_date', 'months.month_start_date') }} as integer) as tenure_months,
    cast(coalesce(sold.margin_amount, 0) as decimal(18, 4)) as margin_amount
from salespeople
inner join months
    on
        (salespeople.started_date is null or salespeople.started_date <= months.month_start_date)
        and (salespeople.left_date is null or salespeople.left_date > months.month_end_date)
left join sold on salespeople.salesperson_id = sold.salesperson_id and months.month_start_date = sold.month_start_date
