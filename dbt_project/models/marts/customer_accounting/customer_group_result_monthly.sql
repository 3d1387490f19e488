-- Parents and what they own together; a customer without parent or child is its own group, and stands in customer_result_monthly.
with customer_groups as (
    select * from {{ ref('int_customer_groups') }} where group_customer_count > 1
),

entries as (
    select
        customer_id,
        month_start_date,
        net_revenue_amount,
        result_before_goods_amount,
        result_amount,
        uncosted_amount,
        case when result_amount is null then 1 else 0 end as unknown_result_count,
        0 as receivables_amount,
        0 as overdue_amount
    from {{ ref('customer_result_monthly') }}
    union all
    select
        customer_id,
        month_start_date,
        0,
        0,
        0,
        0,
        0,
        receivables_amount,
        overdue_amount
    from {{ ref('receivables_ageing_monthly') }}
),

summed as (
    select
        customer_groups.customer_group_id,
        entries.month_start_date,
        count(distinct entries.customer_id) as customer_count,
        sum(entries.unknown_result_count) as unknown_result_count,
        {%- for measure in ['net_revenue', 'result_before_goods', 'result', 'uncosted', 'receivables', 'overdue'] %}
        {{ money_sum('entries.' ~ measure ~ '_amount') }} as {{ measure }}_amount{{ ',' if not loop.last }}
        {%- endfor %}
    from entries
    inner join customer_groups on entries.customer_id = customer_groups.customer_id
    group by 1, 2
)

select
    customer_group_id,
    month_start_date,
    customer_count,
    cast(unknown_result_count as bigint) as unknown_result_count,
    net_revenue_amount,
    result_before_goods_amount,
    case when unknown_result_count = 0 then result_amount end as result_amount,
    {{ safe_share('uncosted_amount', 'net_revenue_amount') }} as uncosted_share,
    receivables_amount,
    overdue_amount
from summed
