-- The line that brings a customer most and the one that costs it most in the last twelve months: what its sign can rest on.
with night as (
    select * from {{ ref('stg_company__night') }}
)

select
    lines.customer_id,
    max(lines.net_amount - lines.goods_amount) as highest_margin_amount,
    min(lines.net_amount - lines.goods_amount) as lowest_margin_amount
from {{ ref('int_lines_costed') }} as lines
cross join night
where not lines.is_held_out and lines.customer_id is not null and lines.month_start_date > {{ months_later('night.report_date', -12) }}
group by 1
