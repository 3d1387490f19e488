-- Customers by result, descending; the peak of the cumulative is what the company would earn without its loss-makers. Where no
-- unit cost is known the curve is one of revenue before goods, and says so. A total of zero or less leaves euros only.
with results as (
    select * from {{ ref('customer_result_monthly') }}
),

months as (
    select * from {{ ref('dim_months') }}
),

basis as (
    select max(value_basis) as value_basis from {{ ref('int_customer_trailing_monthly') }}
),

years as (
    select
        year_start_date,
        max(month_start_date) = {{ months_later('year_start_date', 11) }} and min(case when is_complete then 1 else 0 end) = 1 as is_complete
    from months
    group by 1
),

customers as (
    select
        years.year_start_date,
        years.is_complete,
        results.customer_id,
        case when basis.value_basis = 'result' then 'result' else 'revenue before goods' end as curve_basis,
        sum(case when basis.value_basis = 'result' then results.result_amount else results.result_before_goods_amount end) as result_amount,
        sum(results.net_revenue_amount) as net_revenue_amount,
        sum(case when basis.value_basis = 'result' then results.uncosted_amount else 0 end) as uncosted_amount
    from results
    cross join basis
    inner join years on {{ year_start('results.month_start_date') }} = years.year_start_date
    group by 1, 2, 3, 4
),

ranked as (
    select
        *,
        row_number() over (partition by year_start_date order by result_amount desc, customer_id) as result_rank,
        sum(result_amount) over (
            partition by year_start_date order by result_amount desc, customer_id rows between unbounded preceding and current row
        ) as cumulative_amount,
        count(*) over (partition by year_start_date) as customer_count,
        sum(result_amount) over (partition by year_start_date) as total_amount,
        sum(greatest(result_amount, 0)) over (partition by year_start_date) as peak_amount
    from customers
    where result_amount is not null
)

select
    year_start_date,
    is_complete,
    customer_id,
    curve_basis,
    result_rank,
    {{ safe_share('result_rank', 'customer_count') }} as customer_share,
    cast(net_revenue_amount as decimal(18, 4)) as net_revenue_amount,
    cast(uncosted_amount as decimal(18, 4)) as uncosted_amount,
    cast(result_amount as decimal(18, 4)) as result_amount,
    cast(cumulative_amount as decimal(18, 4)) as cumulative_amount,
    {{ safe_share('cumulative_amount', 'total_amount') }} as cumulative_share,
    cast(total_amount as decimal(18, 4)) as total_amount,
    cast(peak_amount as decimal(18, 4)) as peak_amount,
    cast(peak_amount - total_amount as decimal(18, 4)) as hidden_profit_amount
from ranked
