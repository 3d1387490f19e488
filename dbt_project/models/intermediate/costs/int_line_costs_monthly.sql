-- What the lines of the invoices cost: goods at their unit cost, and lines that are no sale but a cost (families of products in
-- the variable cost_line_families: postage, fees, corrections). A line without a known unit cost leaves its revenue uncosted: its margin lies
-- between nothing and that revenue.
with costed as (
    select * from {{ ref('int_lines_costed') }} where not is_held_out
)

select
    month_start_date,
    customer_id,
    product_family,
    is_cost_line,
    case when is_cost_line then product_name end as cost_line_name,
    cast(sum(net_amount) as decimal(18, 4)) as net_amount,
    {{ rounded_half_up('sum(coalesce(goods_amount, 0))') }} as cost_of_goods_amount,
    cast(sum(case when goods_amount is null then net_amount else 0 end) as decimal(18, 4)) as uncosted_amount,
    cast(sum(case when goods_amount is null then least(net_amount, 0) else 0 end) as decimal(18, 4)) as uncosted_low_amount,
    cast(sum(case when goods_amount is null then greatest(net_amount, 0) else 0 end) as decimal(18, 4)) as uncosted_high_amount,
    count(case when goods_amount is null then 1 end) as uncosted_line_count
from costed
group by 1, 2, 3, 4, 5
