with customer_values as (
    select * from {{ source('value', 'customer_value') }}
)

select
    customer_id,
    repeat_purchase_count,
    cast(round(last_purchase_week_quantity, 4) as decimal(18, 4)) as last_purchase_week_quantity,
    cast(round(observed_week_quantity, 4) as decimal(18, 4)) as observed_week_quantity,
    cast(round(alive_probability, 6) as decimal(38, 6)) as alive_share,
    cast(round(expected_purchase_quantity, 4) as decimal(18, 4)) as expected_purchase_quantity,
    cast(round(expected_purchase_value, 2) as decimal(18, 4)) as expected_purchase_amount,
    cast(round(discounted_value, 2) as decimal(18, 4)) as discounted_revenue_amount
from customer_values
