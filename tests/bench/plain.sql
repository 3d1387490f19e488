-- The yardstick of `make bench`: the same deliveries and the same marts as one plain script, without contracts, quarantine,
-- history, checks or publication. Every statement is one step of the printed table.

-- step: read deliveries
create table invoices as select * from read_parquet('{folder}/invoices/*.parquet')
  qualify row_number() over (partition by invoice_id order by filename desc) = 1;
create table invoice_lines as select * from read_parquet('{folder}/invoice_lines/*.parquet')
  qualify row_number() over (partition by invoice_id, line_number order by filename desc) = 1;
create table allocations as select * from read_parquet('{folder}/payment_allocations/*.parquet')
  qualify row_number() over (partition by allocation_id order by filename desc) = 1;
create table payments as select * from read_parquet('{folder}/payments/*.parquet')
  qualify row_number() over (partition by payment_id order by filename desc) = 1;
create table write_offs as select * from read_parquet('{folder}/write_offs/*.parquet')
  qualify row_number() over (partition by write_off_id order by filename desc) = 1;
create table orders as select * from read_parquet('{folder}/orders/*.parquet')
  qualify row_number() over (partition by order_id order by filename desc) = 1;
create table order_lines as select * from read_parquet('{folder}/order_lines/*.parquet')
  qualify row_number() over (partition by order_id, line_number order by filename desc) = 1;
create table deliveries as select * from read_parquet('{folder}/deliveries/*.parquet')
  qualify row_number() over (partition by delivery_id, line_number order by filename desc) = 1;
create table rates as select * from read_parquet('{folder}/exchange_rates/*.parquet');

-- step: facts
create table documents as
  select i.*, case when document_type in ('credit_note', 'cancellation') then -1 else 1 end as sign,
    coalesce(r.rate, 1)::decimal(18, 8) as booking_rate, date_trunc('month', issued_date)::date as issued_month
  from invoices i left join rates r on r.currency = i.currency and r.rate_date = i.issued_date and i.currency <> 'EUR';
create table lines as
  select l.*, d.customer_id, d.issued_month, d.document_type, d.sign * l.net_amount as signed_net_amount
  from invoice_lines l join documents d using (invoice_id);
create table applications as
  select invoice_id, allocated_date as applied_date, amount from allocations
  union all select invoice_id, written_off_date, amount from write_offs;

-- step: invoice errors
create table matched as
  select l.invoice_id, l.line_number, l.order_id, l.order_line_number, l.net_amount, l.quantity, l.unit_price_amount, l.discount_amount,
    l.charge_amount, o.quantity as ordered, o.unit_price_amount as ordered_price, o.discount_share as ordered_discount, d.quantity as shipped,
    sum(l.quantity) over (partition by l.order_id, l.order_line_number) as invoiced
  from lines l
  left join order_lines o on o.order_id = l.order_id and o.line_number = l.order_line_number
  left join (select order_id, order_line_number, sum(quantity) as quantity from deliveries group by all) d
    on d.order_id = l.order_id and d.order_line_number = l.order_line_number
  where l.document_type = 'invoice';
create table errors as
  select 'quantity_above_ordered' as code, invoice_id, line_number from matched where invoiced > ordered
  union all select 'quantity_above_delivered', invoice_id, line_number from matched where invoiced > shipped
  union all select 'item_not_delivered', invoice_id, line_number from matched where order_id is not null and shipped is null
  union all select 'price_differs', invoice_id, line_number from matched where unit_price_amount <> ordered_price
  union all select 'line_net_wrong', invoice_id, line_number from matched
    where abs(net_amount - quantity * unit_price_amount + coalesce(discount_amount, 0) - coalesce(charge_amount, 0)) > 0.02
  union all select 'lines_not_sum_of_total', d.invoice_id, null
    from documents d join (select invoice_id, sum(net_amount) as net from lines group by 1) l using (invoice_id) where l.net <> d.net_amount
  union all select 'gross_not_net_plus_vat', invoice_id, null from documents where gross_amount <> net_amount + vat_amount
  union all select 'due_before_issue', invoice_id, null from documents where due_date < issued_date
  union all select 'order_of_other_customer', i.invoice_id, null
    from documents i join orders o using (order_id) where o.customer_id <> i.customer_id
  union all select 'probable_duplicate', invoice_id, null from documents
    qualify count(*) over (partition by customer_id, issued_date, gross_amount, order_id) > 1
  union all select 'allocated_above_invoice', a.invoice_id, null
    from (select invoice_id, sum(amount) as amount from applications group by 1) a join documents d using (invoice_id)
    where a.amount > d.gross_amount;

-- step: revenue
create table revenue_monthly as
  select issued_month, customer_id, salesperson_id, sum(sign * net_amount * booking_rate) as net_revenue_amount
  from documents group by all;

-- step: receivables
create table months as
  select distinct issued_month, last_day(issued_month) as month_end_date from documents;
create table events as
  select invoice_id, issued_date as event_date, sign * gross_amount as amount from documents
  union all select invoice_id, applied_date, -amount from applications;
create table closed as
  select invoice_id, max(event_date) as last_event_date, sum(amount) as balance from events group by 1;
create table ageing as
  select m.month_end_date, d.customer_id,
    case when d.due_date >= m.month_end_date then 'not due' when m.month_end_date - d.due_date <= 30 then '1-30'
      when m.month_end_date - d.due_date <= 60 then '31-60' when m.month_end_date - d.due_date <= 90 then '61-90'
      when m.month_end_date - d.due_date <= 120 then '91-120' else '>120' end as bucket,
    sum(e.amount * d.booking_rate) as open_amount
  from events e join documents d using (invoice_id) join closed c using (invoice_id)
  join months m on m.month_end_date >= e.event_date and (c.balance <> 0 or m.month_end_date < c.last_event_date)
  group by all;

-- step: dynamics
create table activity as
  select customer_id, issued_month, sum(signed_net_amount) as net_amount from lines group by all having sum(signed_net_amount) > 0;
create table dynamics as
  select issued_month, count(*) filter (where previous is null) as new_count,
    count(*) filter (where previous is not null and date_diff('month', previous, issued_month) > 3) as reactivated_count
  from (select *, lag(issued_month) over (partition by customer_id order by issued_month) as previous from activity) group by 1;

-- step: customers
create table customer_months as
  select customer_id, issued_month, sum(sign * net_amount * booking_rate) as net_amount, count(*) as document_count,
    max(issued_date) as last_date
  from documents group by all;
create table customer_base as
  select m.month_end_date, c.customer_id, sum(c.net_amount) as year_amount, sum(c.document_count) as frequency,
    m.month_end_date - max(c.last_date) as recency_days,
    ntile(5) over (partition by m.month_end_date order by sum(c.net_amount)) as value_tier
  from months m join customer_months c on c.issued_month <= m.month_end_date and c.issued_month > m.month_end_date - interval 12 month
  group by m.month_end_date, c.customer_id;
create table whale_curve as
  select month_end_date, customer_id, sum(year_amount) over (partition by month_end_date order by year_amount desc, customer_id) as cumulative
  from customer_base;
create table migration as
  select a.month_end_date, b.value_tier as tier_before, a.value_tier, count(*) as customer_count
  from customer_base a left join customer_base b
    on a.customer_id = b.customer_id and b.month_end_date = last_day(a.month_end_date - interval 1 month)
  group by all;
create table cohorts as
  select f.first_month, c.issued_month, count(distinct c.customer_id) as customer_count
  from customer_months c join (select customer_id, min(issued_month) as first_month from customer_months group by 1) f using (customer_id)
  group by all;
create table days_to_pay as
  select d.issued_month, d.customer_id, avg(a.applied_date - d.issued_date) as days from documents d join applications a using (invoice_id)
  group by all;
