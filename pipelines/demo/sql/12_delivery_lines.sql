-- Delivered lines: what left the house in the first and the second delivery of an order, and what came back (part 2).
-- A view: at ten million lines a table would cost a gigabyte.
create or replace view work.delivery_lines as
select
    l.order_key, l.line_number, 0 as part, l.first_quantity as quantity,
    o.first_shipped_date as shipped_date, o.first_delivered_date as delivered_date, o.promised_date
from work.lines as l join work.orders as o using (order_key)
where l.first_quantity > 0
union all
select l.order_key, l.line_number, 1, l.second_quantity, o.second_shipped_date, o.second_delivered_date, o.promised_date
from work.lines as l join work.orders as o using (order_key)
where l.second_quantity > 0
union all
select order_key, 1, part, quantity, shipped_date, delivered_date, delivered_date + 1 from work.call_offs
union all
select order_key, line_number, 2, -quantity, returned_date, returned_date, null from work.returns;
