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
create table rates as select * from read_parquet('{folder}/exchange_rates/*.parquet');

-- step: facts
create table documents as
  select i.*, case when document_type in ('credit_note', 'cancellation') then -1 else 1 end as sign,
    coalesce(r.rate, 1)::decimal(18, 8) as booking_rate, date_trunc('month', issued_date)::date as issued_month
  from invoices i left join rates r on r.currency = i.currency and r.rate_date = i.issued_date and i.currency <> 'EUR';
create table lines as
  select l.*, d.customer_id, d.issued_month, d.sign * l.net_amount as signed_net_amount
  from invoice_lines l join documents d using (invoice_id);
create table applications as
  select invoice_id, allocated_date as applied_date, amount from allocations
  union all select invoice_id, written_off_date, amount from write_offs;

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
