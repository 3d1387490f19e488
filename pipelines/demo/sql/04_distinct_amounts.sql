-- No two clean documents of one customer within 100 days come to the same amount: none may look like a duplicate whose number
-- is one edit apart. generator.py runs this file four times: a change can make a new pair.

create or replace table work.part_totals as
with parts as (
    select l.*, work.second_part(l.line_number, l.quantity, o.line_count, o.is_split and not o.is_collective)::decimal(7, 0) as second_quantity
    from work.lines as l join work.orders as o using (order_key)
)
select
    order_key,
    sum((quantity - second_quantity) * unit_price - round((quantity - second_quantity) * unit_price * discount_share, 2)) as first_total,
    sum(second_quantity * unit_price - round(second_quantity * unit_price * discount_share, 2)) as second_total
from parts
group by order_key;

create or replace table work.same_totals as
select order_key, any_value(bump) as bump from (
    select order_key, (1 + hash(order_key, total) % 29)::integer as bump
    from (
        select order_key, customer_key, date_diff('day', date '2000-01-01', ordered_date) as ordered_date, first_total as total from work.orders join work.part_totals using (order_key)
        union all
        select order_key, customer_key, date_diff('day', date '2000-01-01', ordered_date), second_total from work.orders join work.part_totals using (order_key) where second_total > 0
    ) as parts
    qualify ordered_date - lag(ordered_date) over (partition by customer_key, total order by order_key) < 100
) as pairs
group by order_key;

-- A split order is sent at once; of another order the first line grows
update work.lines set quantity = quantity + s.bump
from work.same_totals as s join work.orders as o using (order_key)
where lines.order_key = s.order_key and lines.line_number = 1 and (not o.is_split or o.is_collective);
update work.orders set is_split = false, second_shipped_date = null, second_delivered_date = null, second_issued_date = null
from work.same_totals as s where orders.order_key = s.order_key and is_split and not is_collective;
