-- Open amounts at the closing rate weighed with their own age, over the net credit sales of the month in which they were issued; beside it
-- the least and the most that releasing what is held out makes of each issue month. An issue month with open amounts and no sales has no
-- days, and then the whole has none.
{%- set keys = ['month_start_date', 'issued_month'] %}
with open_items as (
    select
        *,
        case when not is_held_out then open_amount_days end as kept_amount_days,
        case when is_held_out then least(open_amount_days, 0) end as low_amount_days,
        case when is_held_out then greatest(open_amount_days, 0) end as high_amount_days
    from {{ ref('int_receivables_open_monthly') }}
    where issued_month is not null
),

salespeople as (
    select * from {{ ref('dim_salespeople') }}
),

sales as (
    select * from {{ ref('int_receivables_scoped_monthly') }}
),

extremes as (
    select * from {{ ref('int_held_out_extremes_monthly') }}
),

scoped as (
    {{ scoped_sums('open_items', keys, ['kept_amount_days', 'low_amount_days', 'high_amount_days']) }}
),

issued as (
    select
        scoped.scope_type,
        scoped.scope_id,
        scoped.month_start_date,
        scoped.kept_amount_days,
        coalesce(scoped.kept_amount_days, 0) + coalesce(scoped.low_amount_days, 0) as least_amount_days,
        coalesce(scoped.kept_amount_days, 0) + coalesce(scoped.high_amount_days, 0) as most_amount_days,
        coalesce(sales.credit_sales_gross_amount, 0) as sales_amount,
        coalesce(sales.credit_sales_gross_amount, 0) + coalesce(extremes.low_sales_amount, 0) as least_sales_amount,
        coalesce(sales.credit_sales_gross_amount, 0) + coalesce(extremes.high_sales_amount, 0) as most_sales_amount
    from scoped
    left join sales
        on
            scoped.scope_type = sales.scope_type
            and scoped.scope_id = sales.scope_id
            and scoped.issued_month = sales.month_start_date
    left join extremes
        on
            scoped.scope_type = extremes.scope_type
            and scoped.scope_id = extremes.scope_id
            and scoped.issued_month = extremes.month_start_date
)

select
    scope_type,
    scope_id,
    month_start_date,
    {%- for column, amount_days, sales in [
        ('true_days', 'kept_amount_days', 'sales_amount'),
        ('low_true_days', 'least_amount_days', 'case when least_amount_days < 0 then least_sales_amount else most_sales_amount end'),
        ('high_true_days', 'most_amount_days', 'case when most_amount_days < 0 then most_sales_amount else least_sales_amount end'),
    ] %}
    case
        when count(case when {{ amount_days }} <> 0 and {{ sales }} <= 0 then 1 end) = 0
            then cast(round(sum(cast({{ amount_days }} as double) / nullif(cast({{ sales }} as double), 0)), 6) as decimal(38, 6))
    end as {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
from issued
group by 1, 2, 3
