-- The least and the most that releasing what is held out adds to receivables and to the credit sales of a scope's month. Items are independent
-- of each other, so that the least are all that are below zero together, and the most all that are above it.
{%- set measures = ['low_receivables_amount', 'high_receivables_amount', 'low_sales_amount', 'high_sales_amount'] %}
with salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

items as (
    select
        month_start_date,
        salesperson_id,
        industry_code,
        size_class,
        least(amount, 0) as low_receivables_amount,
        greatest(amount, 0) as high_receivables_amount,
        0 as low_sales_amount,
        0 as high_sales_amount
    from {{ ref('int_held_out_balances_monthly') }}
    where measure = 'receivables'
    union all
    select
        month_start_date,
        salesperson_id,
        industry_code,
        size_class,
        0,
        0,
        least(amount, 0),
        greatest(amount, 0)
    from {{ ref('int_held_out_flows_monthly') }}
    where measure = 'credit sales'
)

{{ scoped_sums('items', ['month_start_date'], measures) }}
