-- Open amounts weighed with their own age, over the net credit sales of the month in which they were issued.
{%- set keys = ['month_start_date', 'issued_month'] %}
with open_items as (
    select * from {{ ref('int_receivables_open_monthly') }} where issued_month is not null and not is_held_out
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

sales as (
    select * from {{ ref('int_receivables_scoped_monthly') }}
),

with_team as (
    select
        open_items.*,
        coalesce(salespeople.team, 'unknown') as team
    from open_items
    left join salespeople on open_items.salesperson_id = salespeople.salesperson_id
),

scoped as (
    {{ scoped_sums('with_team', keys, ['booked_amount_days']) }}
)

select
    scoped.scope_type,
    scoped.scope_id,
    scoped.month_start_date,
    case
        when min(case when sales.credit_sales_gross_amount > 0 then 1 else 0 end) = 1
            then cast(round(sum(
                cast(scoped.booked_amount_days as double) / nullif(cast(sales.credit_sales_gross_amount as double), 0)
            ), 6) as decimal(38, 6))
    end as true_days
from scoped
left join sales
    on
        scoped.scope_type = sales.scope_type
        and scoped.scope_id = sales.scope_id
        and scoped.issued_month = sales.month_start_date
group by 1, 2, 3
