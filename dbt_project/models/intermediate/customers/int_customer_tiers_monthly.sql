-- ABC over the active customers of a month end, by value, ties by id: A until 80% of what the customers above zero bring
-- together, B until 95%, the crossing customer included; who brings nothing or costs money is C.
with customers as (
    select * from {{ ref('int_customer_trailing_monthly') }} where is_active
),

running as (
    select
        customer_id,
        month_start_date,
        value_amount,
        sum(greatest(value_amount, 0)) over (partition by month_start_date) as positive_amount,
        sum(greatest(value_amount, 0)) over (
            partition by month_start_date order by value_amount desc, customer_id rows between unbounded preceding and current row
        ) - greatest(value_amount, 0) as amount_before
    from customers
)

select
    customer_id,
    month_start_date,
    case
        when value_amount > 0 and amount_before < 0.80 * positive_amount then 'A'
        when value_amount > 0 and amount_before < 0.95 * positive_amount then 'B'
        else 'C'
    end as value_tier
from running
