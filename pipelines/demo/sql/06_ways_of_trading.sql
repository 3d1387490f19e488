-- What some customers trade beside single orders: blanket orders called off by the month, subscriptions, deposits. They follow work.customers.way.
-- Keep out: collective invoices, terms, over-delivery (03, 05, 06 have them), and what is wrong (``planted/``).

-- one row per call-off of a blanket order: half a year, a sixth a month, each billed the day after its delivery
create or replace table work.call_offs as
with agreed as (
    select
        c.customer_key, c.seat, c.terms_days, c.currency, c.is_order_number_required, c.main_family, c.favourite,
        workday((first_date() + to_months(6 * half::integer))::date + 2 + (c.customer_key % 9)::integer) as ordered_date,
        2 + c.customer_key % 7 as quantity,
        row_number() over (order by half, c.customer_key) + (select max(order_key) from work.orders) as order_key
    from work.customers as c cross join range(0, month_count() // 6) as r(half)
    where c.way = 'call_offs' and c.since_date < (first_date() + to_months(6 * half::integer))::date
        and coalesce((first_date() + to_months(6 * half::integer + 6))::date < least(c.insolvency_date, c.ended_date), true)
        and coalesce(6 * half + 6 < c.churn_month, true)
)
select
    a.*, part::utinyint as part, p.product_key, p.list_price,
    workday((a.ordered_date + 8 + (30 * part)::integer)::date) as shipped_date,
    workday(workday((a.ordered_date + 8 + (30 * part)::integer)::date) + 1) as delivered_date,
    workday(workday(workday((a.ordered_date + 8 + (30 * part)::integer)::date) + 1) + 1) as issued_date
from agreed as a cross join range(0, 6) as r(part)
join work.products as p on p.family_key = a.main_family and p.position = a.favourite
where a.ordered_date <= last_date();

insert into work.orders by name
select
    order_key, any_value(customer_key) as customer_key, any_value(ordered_date) as ordered_date,
    any_value(ordered_date) + interval 10 hour as ordered_at, 1 as line_count, work.owner_at(any_value(seat), any_value(ordered_date))::integer as salesperson_key,
    any_value(terms_days) as terms_days, any_value(currency) as currency, 'field' as channel,
    case when any_value(is_order_number_required) then 'PO' || (300000 + order_key % 100000) || '-B' end as customer_order_number,
    'none' as aftermath, false as is_split, false as is_collective, max(delivered_date) as promised_date, min(shipped_date) as first_shipped_date,
    min(delivered_date) as first_delivered_date, min(issued_date) as first_issued_date, max(issued_date) as second_issued_date
from work.call_offs group by order_key;
insert into work.lines by name
select distinct order_key, 1 as line_number, product_key, (6 * quantity)::integer as quantity, list_price as unit_price, 0 as discount_share,
    0 as first_quantity, 0 as second_quantity
from work.call_offs;
insert into work.order_totals select order_key, sum(quantity * unit_price) from work.lines where order_key in (select order_key from work.call_offs) group by order_key;
insert into work.document_lines
select
    order_key * 16 + part, 1, order_key, 1, part, product_key, null, quantity, list_price, 0, 0, quantity::decimal(7, 0) * list_price,
    c.vat_category, c.vat_share
from work.call_offs join work.customers as c using (customer_key) where issued_date <= last_date();

-- one row per subscription and month: the same amount, without an order, for the month in which it is billed
create or replace table work.subscriptions as
select
    c.customer_key, m.month, workday(m.month) as issued_date, last_day(m.month) as until_date, 1 + c.customer_key % 4 as quantity,
    ((select max(order_key) from work.orders) + row_number() over (order by m.month, c.customer_key)) * 16 as doc_key
from work.customers as c join work.months as m
    on m.month >= c.since_date and workday(m.month) <= last_date() and m.month_number < least(c.churn_month, c.insolvency_month, month_count())
where c.way = 'subscriptions';
insert into work.document_lines
select s.doc_key, 1, null, null, null, 241, null, s.quantity, 60, 0, 0, s.quantity::decimal(7, 0) * 60, c.vat_category, c.vat_share
from work.subscriptions as s join work.customers as c using (customer_key);
create or replace table work.line_periods as
select doc_key, 1 as line_number, month as period_start_date, until_date as period_end_date from work.subscriptions;

-- one row per deposit: 30% of a larger order when it is placed, taken off by a line of its final invoice
create or replace table work.deposits as
select
    o.order_key, o.order_key * 16 + 14 as doc_key, workday(o.ordered_date + 1) as issued_date, c.vat_category, c.vat_share,
    round(t.total * 0.3::decimal(2, 1), 2)::decimal(12, 2) as amount
from work.orders as o join work.customers as c on c.customer_key = o.customer_key and c.way = 'deposits'
join work.order_totals as t using (order_key)
where o.cancelled_at is null and t.total > 300 and workday(o.ordered_date + 1) <= last_date();
insert into work.document_lines
select doc_key, 1, order_key, null, null, null, 'Deposit of 30%', 1, amount, 0, 0, amount, vat_category, vat_share from work.deposits
union all
select order_key * 16, 90, order_key, null, null, null, 'Less the deposit', -1, amount, 0, 0, -amount, vat_category, vat_share
from work.deposits where order_key * 16 in (select doc_key from work.documents);
update work.documents set net_amount = net_amount - d.amount, vat_amount = round((net_amount - d.amount) * d.vat_share, 2),
    gross_amount = net_amount - d.amount + round((net_amount - d.amount) * d.vat_share, 2)
from work.deposits as d where documents.doc_key = d.order_key * 16;

insert into work.documents by name
with headers as (
    select order_key * 16 + part as doc_key, order_key, issued_date from work.call_offs where issued_date <= last_date()
    union all
    select doc_key, order_key, issued_date from work.deposits
    union all
    select doc_key, null, issued_date from work.subscriptions
)
select
    h.doc_key, 'invoice' as document_type, c.customer_key, h.order_key, h.issued_date, h.issued_date + c.terms_days as due_date, c.terms_days, c.currency,
    l.net_amount, round(l.net_amount * l.vat_share, 2)::decimal(18, 4) as vat_amount,
    (l.net_amount + round(l.net_amount * l.vat_share, 2))::decimal(18, 4) as gross_amount, o.customer_order_number,
    work.owner_at(c.seat, h.issued_date)::integer as salesperson_key, case when h.doc_key in (select doc_key from work.deposits) then 14 else 0 end as slot,
    true as is_settled, false as is_extra
from headers as h
join work.document_lines as l on l.doc_key = h.doc_key and l.line_number = 1
left join work.orders as o on o.order_key = h.order_key
left join work.subscriptions as s on s.doc_key = h.doc_key
join work.customers as c on c.customer_key = coalesce(o.customer_key, s.customer_key);
