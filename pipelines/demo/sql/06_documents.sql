-- Invoices, credit notes and cancellations, derived from deliveries. Keep out: numbers (07) and wrong documents (``planted/``).
-- doc_key = order_key * 16 + slot: 0-1 invoice of a delivery, 2 return, 3 goodwill, 4 cancellation, 5-9 planted copies, 15 bonus

create or replace table work.document_lines as
with parts as (
    select l.order_key, l.line_number, 0 as part, l.first_quantity as quantity, l.product_key, l.unit_price, l.discount_share
    from work.lines as l where l.first_quantity > 0
    union all
    select l.order_key, l.line_number, 1, l.second_quantity, l.product_key, l.unit_price, l.discount_share
    from work.lines as l where l.second_quantity > 0
    union all
    select r.order_key, r.line_number, 2, r.quantity, l.product_key, l.unit_price, l.discount_share
    from work.returns as r join work.lines as l using (order_key, line_number)
),
placed as (
    select
        p.*, c.vat_category, c.vat_share,
        case p.part when 2 then case o.aftermath when 'full_return' then 4 else 2 end
            when 1 then case when o.is_collective then 0 else 1 end else 0 end as slot,
        case when p.part = 1 and o.is_collective then 100 else 0 end as line_shift
    from parts as p
    join work.orders as o using (order_key)
    join work.customers as c using (customer_key)
    where case p.part when 0 then o.first_issued_date when 1 then o.second_issued_date else o.credited_date end <= last_date()
)
select
    order_key * 16 + slot as doc_key,
    (line_number + line_shift)::integer as line_number,
    order_key,
    line_number as order_line_number,
    part::utinyint as delivery_part,
    product_key,
    null::varchar as description,
    quantity,
    unit_price::decimal(12, 4) as unit_price,
    round(quantity::decimal(7, 0) * unit_price * discount_share, 2)::decimal(12, 2) as discount_amount,
    0::decimal(12, 2) as charge_amount,
    (quantity::decimal(7, 0) * unit_price - round(quantity::decimal(7, 0) * unit_price * discount_share, 2))::decimal(14, 4) as net_amount,
    vat_category,
    vat_share::decimal(4, 2) as vat_share
from placed;

-- Collective invoices: all deliveries of a customer's month on one document of its first order, whose header names none
create or replace table work.collective_orders as
select
    o.order_key, min(o.order_key) over (partition by o.customer_key, o.first_issued_date) as billed_key,
    (100 * (row_number() over (partition by o.customer_key, o.first_issued_date order by o.order_key) - 1))::integer as line_shift
from work.orders as o join work.customers as c on c.customer_key = o.customer_key and c.way = 'collective_invoices'
where o.cancelled_at is null and o.first_issued_date <= last_date();
update work.document_lines set doc_key = x.billed_key * 16, line_number = line_number + x.line_shift
from work.collective_orders as x where x.order_key = document_lines.order_key;

-- Goodwill: one line of 5-9% of the invoice, about no order line
insert into work.document_lines
select
    o.order_key * 16 + 3, 1, null, null, null, null, 'Goodwill', 1, amount, 0, 0, amount, c.vat_category, c.vat_share
from work.orders as o
join work.customers as c using (customer_key)
join work.order_totals as t using (order_key)
cross join lateral (select greatest(round(t.total::double * (0.05 + 0.01 * floor(5 * rnd(o.order_key, 'goodwill'))), 2), 0.05)::decimal(12, 2) as amount) as a
where o.aftermath = 'goodwill' and o.cancelled_at is null and o.credited_date <= last_date();

-- one row per document; is_settled false keeps cash away from documents that are spoiled
create or replace table work.documents as
with sums as (
    select doc_key, sum(net_amount)::decimal(18, 4) as net_amount, any_value(vat_share) as vat_share
    from work.document_lines group by doc_key
),
placed as (
    select
        s.*, s.doc_key // 16 as order_key, (s.doc_key % 16)::integer as slot
    from sums as s
)
select
    p.doc_key,
    case when p.slot = 4 then 'cancellation' when p.slot in (2, 3) then 'credit_note' else 'invoice' end as document_type,
    o.customer_key,
    p.order_key,
    case when p.slot = 0 then o.first_issued_date when p.slot = 1 then o.second_issued_date else o.credited_date end as issued_date,
    case when p.slot = 0 then o.first_issued_date when p.slot = 1 then o.second_issued_date else o.credited_date end + o.terms_days as due_date,
    o.terms_days,
    o.currency,
    p.net_amount,
    round(p.net_amount * p.vat_share, 2)::decimal(18, 4) as vat_amount,
    (p.net_amount + round(p.net_amount * p.vat_share, 2))::decimal(18, 4) as gross_amount,
    o.customer_order_number,
    case when p.slot in (2, 3, 4) then p.order_key * 16 end as corrects_doc_key,
    case p.slot when 2 then 'return' when 3 then 'goodwill' when 4 then 'return' end as reason_code,
    o.salesperson_key,
    p.slot,
    case when p.slot in (2, 3, 4) then o.credited_date + case when rnd(p.doc_key, 'applied') < 0.25 then 1 + floor(9 * rnd(p.doc_key, 'applied days'))::integer else 0 end
    end as applied_date,
    true as is_settled,
    false as is_extra,
    null::date as number_date,
    null::varchar as number_override,
    null::varchar as customer_text
from placed as p join work.orders as o using (order_key);

update work.documents set order_key = null, customer_order_number = null
where order_key in (select order_key from work.collective_orders);
-- Terms that end with the month
update work.documents set due_date = last_day(due_date)
from work.customers as c where c.customer_key = documents.customer_key and c.way = 'month_end_terms';

-- Allowances and charges on whole documents, and what a document prints of its own sums. An order bonus of 1% on some large invoices.
create or replace table work.allowances as
select
    d.doc_key, 1 as allowance_number, false as is_charge, round(d.net_amount * 0.01, 2)::decimal(18, 4) as amount,
    d.net_amount as base_amount, 0.01::decimal(9, 6) as allowance_share, c.vat_category, c.vat_share::decimal(9, 6) as vat_share,
    'Order bonus' as reason_text
from work.documents as d
join work.orders as o on o.order_key = d.order_key and o.aftermath = 'none' and not o.is_split
join work.customers as c on c.customer_key = d.customer_key and c.agreement_kind = 'none'
where d.slot = 0 and d.net_amount > 600 and rnd(d.doc_key, 'order bonus') < 0.08;
create or replace table work.specifications (doc_key bigint, specification_id varchar);

create or replace table work.verdicts (doc_key bigint, rule_code varchar, is_about_amounts boolean, message_text varchar);

create or replace table work.document_sums as
select
    doc_key, amount as allowance_amount, 0::decimal(18, 4) as charge_amount, null::decimal(18, 4) as prepaid_amount,
    null::decimal(18, 4) as rounding_amount, null::decimal(18, 4) as due_difference
from work.allowances;
update work.documents set net_amount = net_amount - a.amount, vat_amount = round((net_amount - a.amount) * a.vat_share, 2),
    gross_amount = net_amount - a.amount + round((net_amount - a.amount) * a.vat_share, 2)
from work.allowances as a where a.doc_key = documents.doc_key;

-- Volume bonus: 1% of the quarter, on the largest invoice of its last weeks, for some customers with a family discount
create or replace table work.bonuses as
with quarters as (
    select
        d.customer_key, date_trunc('quarter', d.issued_date)::date as quarter,
        sum(d.net_amount) as quarter_net,
        max_by(d.doc_key, (d.net_amount, d.doc_key)) filter (
            where d.issued_date >= date_trunc('quarter', d.issued_date)::date + 70 and d.document_type = 'invoice' and o.aftermath = 'none'
        ) as doc_key
    from work.documents as d
    join work.customers as c on c.customer_key = d.customer_key and c.agreement_kind = 'family' and rnd(c.customer_key, 'bonus') < 0.35
    join work.orders as o on o.order_key = d.order_key
    group by all
)
select
    q.customer_key, d.doc_key as corrects_doc_key, o.order_key, d.currency, d.terms_days, d.salesperson_key, c.vat_category, c.vat_share,
    least(round(q.quarter_net * 0.01, 2), round(d.net_amount * 0.4, 2))::decimal(12, 2) as amount,
    workday((q.quarter + interval 3 month)::date + 4) as issued_date
from quarters as q
join work.documents as d on d.doc_key = q.doc_key
join work.orders as o on o.order_key = d.order_key
join work.customers as c on c.customer_key = q.customer_key
where workday((q.quarter + interval 3 month)::date + 4) <= last_date() and q.quarter_net > 200;
insert into work.document_lines
select order_key * 16 + 15, 1, null, null, null, null, 'Volume bonus', 1, amount, 0, 0, amount, vat_category, vat_share from work.bonuses;
insert into work.documents
select
    order_key * 16 + 15, 'credit_note', customer_key, null, issued_date, issued_date + terms_days, terms_days, currency, amount,
    round(amount * vat_share, 2), amount + round(amount * vat_share, 2), null, corrects_doc_key, 'volume_bonus', salesperson_key, 15, issued_date,
    true, false, null, null, null
from work.bonuses;
