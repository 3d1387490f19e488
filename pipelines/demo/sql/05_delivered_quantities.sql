-- What each delivery of an order carries, and what came back. Keep out: late and short deliveries (``planted/`` has them).

drop table work.part_totals;
drop table work.same_totals;

-- first_quantity and second_quantity: what the (at most two) deliveries carry
create or replace table work.lines as
select
    l.*,
    case when o.cancelled_at is null then l.quantity - work.second_part(l.line_number, l.quantity, o.line_count, o.is_split) else 0 end::integer
        -- a twentieth more, as agreed with some customers
        + case when c.way = 'over_delivery' and o.cancelled_at is null then l.quantity // 20 else 0 end as first_quantity,
    case when o.cancelled_at is null then work.second_part(l.line_number, l.quantity, o.line_count, o.is_split) else 0 end::integer as second_quantity
from work.lines as l join work.orders as o using (order_key) join work.customers as c using (customer_key);
create or replace table work.order_totals as
select order_key, sum(quantity * unit_price * (1 - discount_share)) as total from work.lines group by order_key;

-- Goods that came back: one row per returned line
create or replace table work.returns as
select
    o.order_key, l.line_number,
    case when o.aftermath = 'full_return' then l.quantity else greatest(1, l.quantity * 3 // 10) end::integer as quantity,
    o.returned_date
from work.orders as o
join work.lines as l on l.order_key = o.order_key and (l.line_number = 1 or o.aftermath = 'full_return')
where o.aftermath in ('return', 'full_return') and o.cancelled_at is null and o.returned_date <= last_date();
