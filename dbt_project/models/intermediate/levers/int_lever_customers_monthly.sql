-- What the levers on customers rest on: what each tier of a year ago was worth a year, what of it stayed, and what serving those costs that brought less than
-- they cost in the twelve months up to a month end.
{%- set window_months = 12 %}
with months as (
    select * from {{ ref('dim_months') }} where is_complete
),

base as (
    select * from {{ ref('customer_base_monthly') }}
),

results as (
    select * from {{ ref('customer_result_monthly') }}
),

yearly as (
    select
        months.month_start_date,
        results.customer_id,
        sum(results.cost_to_serve_amount) as cost_to_serve_amount,
        sum(results.result_amount) as result_amount
    from months
    inner join results
        on
            results.month_start_date <= months.month_start_date
            and results.month_start_date > {{ months_later('months.month_start_date', -window_months) }}
    group by 1, 2
),

tiers as (
    select
        months.month_start_date,
        former.value_tier,
        count(*) as customer_count,
        count(latter.customer_id) as kept_count,
        sum(former.value_amount) as former_value_amount
    from months
    inner join base as former on former.month_start_date = {{ months_later('months.month_start_date', -window_months) }}
    left join base as latter on former.customer_id = latter.customer_id and months.month_start_date = latter.month_start_date
    where former.value_tier in ('A', 'B', 'C')
    group by 1, 2
)

select
    month_start_date,
    'retention_' || lower(value_tier) as lever,
    cast(former_value_amount as double) as worth_amount,
    cast(customer_count as double) as case_count,
    cast(customer_count - kept_count as double) / customer_count as open_share
from tiers
union all
select
    month_start_date,
    'cost_to_serve_tail',
    cast(sum(cost_to_serve_amount) as double),
    count(*),
    1
from yearly
where result_amount < 0
group by 1
