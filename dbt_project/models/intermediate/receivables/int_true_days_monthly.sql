-- Open amounts at the closing rate weighed with their own age, over the net credit sales of the month in which they were issued: without what is held
-- out, and with it. An issue month with open amounts and no sales has no days, and then the whole has none.
{%- set keys = ['month_start_date', 'issued_month'] %}
with open_items as (
    select
        *,
        case when not is_held_out then open_amount_days end as kept_amount_days
    from {{ ref('int_receivables_open_monthly') }}
    where issued_month is not null
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

sales as (
    select
        *,
        credit_sales_gross_amount + held_out_credit_sales_gross_amount as all_sales_gross_amount
    from {{ ref('int_receivables_scoped_monthly') }}
),

scoped as (
    {{ scoped_sums('open_items', keys, ['kept_amount_days', 'open_amount_days']) }}
)

select
    scoped.scope_type,
    scoped.scope_id,
    scoped.month_start_date,
    {%- for column, amount_days, sales in [
        ('true_days', 'scoped.kept_amount_days', 'sales.credit_sales_gross_amount'),
        ('bounded_true_days', 'scoped.open_amount_days', 'sales.all_sales_gross_amount'),
    ] %}
    case
        when count(case when {{ amount_days }} is not null and coalesce({{ sales }}, 0) <= 0 then 1 end) = 0
            then cast(round(sum(cast({{ amount_days }} as double) / nullif(cast({{ sales }} as double), 0)), 6) as decimal(38, 6))
    end as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from scoped
left join sales
    on
        scoped.scope_type = sales.scope_type
        and scoped.scope_id = sales.scope_id
        and scoped.issued_month = sales.month_start_date
group by 1, 2, 3
