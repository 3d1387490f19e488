-- What the goods of a customer's month cost, and the revenue whose cost is not known. Whether the company knows unit costs at all says
-- whether such revenue is a gap in a result or means that there is none.
select
    customer_id,
    month_start_date,
    {%- for goods in ['cost_of_goods', 'uncosted', 'uncosted_low', 'uncosted_high'] %}
    sum({{ goods }}_amount) as {{ goods }}_amount,
    {%- endfor %}
    sum(uncosted_line_count) as uncosted_line_count,
    coalesce(max(max(cost_of_goods_amount)) over (), 0) > 0 as has_unit_costs
from {{ ref('int_line_costs_monthly') }}
where customer_id is not null
group by 1, 2
