-- A customer's equity at both ends of a month. The change of one that stayed is split: the multiple moves first, then its margin. A multiple
-- that grows makes nobody worth more who costs money: what changes there is margin.
with customers as (
    select
        customer_id,
        month_start_date,
        value_amount,
        is_active,
        was_active,
        lag(value_amount) over (partition by customer_id order by month_start_date) as opening_value_amount
    from {{ ref('int_customer_trailing_monthly') }}
),

multiples as (
    select
        month_start_date,
        lifetime_multiple,
        lag(lifetime_multiple) over (order by month_start_date) as opening_multiple
    from {{ ref('int_lifetime_multiples_monthly') }}
    where lifetime_multiple is not null
),

valued as (
    select
        customers.customer_id,
        customers.month_start_date,
        customers.is_active,
        customers.was_active,
        case when customers.was_active then {{ rounded_half_up('cast(customers.opening_value_amount as decimal(38, 4)) * multiples.opening_multiple') }} else 0 end
            as opening_equity_amount,
        case
            when customers.was_active and customers.is_active and customers.opening_value_amount <= 0
                then {{ rounded_half_up('cast(customers.opening_value_amount as decimal(38, 4)) * multiples.opening_multiple') }}
            when customers.was_active and customers.is_active
                then {{ rounded_half_up('cast(customers.opening_value_amount as decimal(38, 4)) * multiples.lifetime_multiple') }}
        end as revalued_equity_amount,
        case when customers.is_active then {{ rounded_half_up('cast(customers.value_amount as decimal(38, 4)) * multiples.lifetime_multiple') }} else 0 end
            as closing_equity_amount
    from customers
    inner join multiples on customers.month_start_date = multiples.month_start_date
    where multiples.opening_multiple is not null and (customers.is_active or customers.was_active)
)

select
    customer_id,
    month_start_date,
    opening_equity_amount,
    case when is_active and not was_active then closing_equity_amount else 0 end as new_equity_amount,
    case when was_active and not is_active then -opening_equity_amount else 0 end as lost_equity_amount,
    coalesce(revalued_equity_amount - opening_equity_amount, 0) as retention_effect_amount,
    coalesce(closing_equity_amount - revalued_equity_amount, 0) as margin_effect_amount,
    closing_equity_amount
from valued
