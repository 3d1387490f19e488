-- Twelve months up to each month end, dense from the first purchase on. The value is the result; where no unit cost is known in
-- the whole company it is net revenue, and the basis says so. Lines without a known unit cost bring nothing, between the bounds. Months of a
-- customer without invoice lines count as nothing.
with customer_months as (
    select * from {{ ref('customer_months') }}
),

results as (
    select * from {{ ref('customer_result_monthly') }}
),

purchases as (
    select
        customer_id,
        {{ month_start('purchase_date') }} as month_start_date,
        count(*) as purchase_count,
        max(purchase_date) as last_purchase_date
    from {{ ref('int_customer_purchase_days') }}
    where basis = 'kept'
    group by 1, 2
),

basis as (
    select case when count(result_amount) > 0 and max(cost_of_goods_amount) > 0 then 'result' else 'net revenue' end as value_basis
    from results
),

joined as (
    select
        customer_months.customer_id,
        customer_months.month_start_date,
        customer_months.state,
        customer_months.was_active,
        customer_months.is_active,
        customer_months.is_provisional,
        coalesce(results.net_revenue_amount, 0) as net_revenue_amount,
        results.result_amount,
        results.result_low_amount,
        results.result_high_amount,
        results.uncosted_amount,
        results.realised_loss_amount,
        purchases.purchase_count,
        purchases.last_purchase_date
    from customer_months
    left join results
        on customer_months.customer_id = results.customer_id and customer_months.month_start_date = results.month_start_date
    left join purchases
        on customer_months.customer_id = purchases.customer_id and customer_months.month_start_date = purchases.month_start_date
),

windowed as (
    select
        joined.*,
        max(last_purchase_date) over (
            partition by customer_id order by month_start_date rows between unbounded preceding and current row
        ) as latest_purchase_date,
        max(case when is_provisional then 1 else 0 end) over (
            partition by customer_id order by month_start_date rows between unbounded preceding and current row
        ) = 1 as has_recent_loss,
        {%- for measure in ['purchase_count', 'net_revenue_amount', 'result_amount', 'result_low_amount', 'result_high_amount', 'uncosted_amount', 'realised_loss_amount'] %}
        coalesce(sum({{ measure }}) over (
            partition by customer_id order by month_start_date rows between 11 preceding and current row
        ), 0) as trailing_{{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from joined
)

select
    windowed.customer_id,
    windowed.month_start_date,
    windowed.state,
    windowed.was_active,
    windowed.is_active,
    windowed.has_recent_loss,
    windowed.latest_purchase_date,
    cast(windowed.net_revenue_amount as decimal(18, 4)) as net_revenue_amount,
    windowed.result_amount,
    cast(case when basis.value_basis = 'result' then coalesce(windowed.uncosted_amount, 0) else 0 end as decimal(18, 4)) as month_uncosted_amount,
    cast(windowed.trailing_purchase_count as bigint) as trailing_purchase_count,
    cast(windowed.trailing_net_revenue_amount as decimal(18, 4)) as trailing_net_revenue_amount,
    cast(windowed.trailing_result_amount as decimal(18, 4)) as trailing_result_amount,
    cast(case when basis.value_basis = 'result' then windowed.trailing_uncosted_amount else 0 end as decimal(18, 4)) as uncosted_amount,
    cast(windowed.trailing_realised_loss_amount as decimal(18, 4)) as realised_loss_amount,
    basis.value_basis,
    {%- for value, result in [('value', 'result'), ('value_low', 'result_low'), ('value_high', 'result_high')] %}
    cast(
        case when basis.value_basis = 'result' then windowed.trailing_{{ result }}_amount else windowed.trailing_net_revenue_amount end
        as decimal(18, 4)
    ) as {{ value }}_amount{{ ',' if not loop.last }}
    {%- endfor %}
from windowed
cross join basis
