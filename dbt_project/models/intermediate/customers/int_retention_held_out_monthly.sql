-- What the invoices that are held out would change in the revenue that is kept over twelve months: the customers with such an invoice as
-- they would be with them, less as they are without.
with month_ends as (
    select * from {{ ref('int_customer_month_ends') }}
),

revenue as (
    select
        customer_id,
        month_start_date,
        sum(net_revenue_amount) as net_revenue_amount,
        sum(held_out_net_amount) as held_out_net_amount
    from {{ ref('revenue_monthly') }}
    group by 1, 2
),

joined as (
    select
        month_ends.basis,
        month_ends.customer_id,
        month_ends.month_start_date,
        month_ends.is_active,
        coalesce(revenue.net_revenue_amount, 0)
        + case month_ends.basis when 'all' then coalesce(revenue.held_out_net_amount, 0) else 0 end as net_revenue_amount
    from month_ends
    inner join (select distinct customer_id from month_ends where basis = 'all') as touched on month_ends.customer_id = touched.customer_id
    left join revenue on month_ends.customer_id = revenue.customer_id and month_ends.month_start_date = revenue.month_start_date
),

windowed as (
    select
        *,
        sum(net_revenue_amount) over (
            partition by basis, customer_id order by month_start_date rows between 11 preceding and current row
        ) as closing_revenue_amount
    from joined
),

paired as (
    select
        month_start_date,
        closing_revenue_amount,
        case basis when 'all' then 1 else -1 end as sign,
        lag(is_active, 12) over (partition by basis, customer_id order by month_start_date) as was_active,
        lag(closing_revenue_amount, 12) over (partition by basis, customer_id order by month_start_date) as opening_revenue_amount
    from windowed
)

select
    month_start_date,
    {{ money_sum('sign * greatest(opening_revenue_amount, 0)') }} as held_out_opening_revenue_amount,
    {{ money_sum('sign * ' ~ kept_revenue('closing_revenue_amount', 'opening_revenue_amount')) }} as held_out_kept_revenue_amount,
    {{ money_sum('sign * greatest(closing_revenue_amount, 0)') }} as held_out_closing_revenue_amount
from paired
where was_active
group by 1
