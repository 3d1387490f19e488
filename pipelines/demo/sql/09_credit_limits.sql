-- Credit limits, after whatever was done to the cash: they leave a third of room above the highest exposure the customer ever had.
-- Keep out: limits that are passed (``planted/``).
create or replace table work.credit_limits as
with ordered as (
    select o.order_key, o.customer_key, o.ordered_date, o.cancelled_at, (t.total * (1 + c.vat_share))::double as amount
    from work.orders as o join work.order_totals as t using (order_key) join work.customers as c using (customer_key)
),
events as (
    select customer_key, ordered_date as day, amount from ordered
    union all
    select customer_key, cancelled_at::date + 1, -amount from ordered
    where cancelled_at is not null and order_key not in (select order_key from work.documents where order_key is not null)
    union all
    select customer_key, issued_date, gross_amount::double from work.documents
    where (is_extra or doc_key in (select doc_key from work.subscriptions)) and document_type = 'invoice' and customer_key is not null
    union all
    -- What an invoice asks beyond its order
    select o.customer_key, min(d.issued_date), greatest(sum(d.gross_amount)::double - any_value(o.amount), 0)
    from work.documents as d join ordered as o using (order_key)
    where not d.is_extra and d.document_type = 'invoice' group by o.order_key, o.customer_key
    union all
    select d.customer_key, a.allocated_date + 1, -a.amount::double
    from work.allocations as a join work.documents as d using (doc_key) where d.customer_key is not null and d.document_type = 'invoice'
),
daily as (select customer_key, day, sum(amount) as amount from events group by all),
running as (select customer_key, sum(amount) over (partition by customer_key order by day) as exposure from daily)
select customer_key, (greatest(2500, ceil(max(exposure) * 1.33 / 500) * 500))::decimal(18, 2) as limit_amount
from running group by customer_key;
