-- Orders and their lines, with the dates of delivery and invoice. Keep out: late deliveries (``planted/`` has them).

create or replace macro work.last_workday(day) as (last_day(day) - greatest(isodow(last_day(day)) - 5, 0)::integer);

-- one row per order. Dates of both deliveries and of the invoices stand here, so that no line table needs a date
create or replace table work.orders as
with rhythm as (
    select
        c.customer_key, m.month_number, m.month, m.next_month,
        c.weight * m.activity * (1 + 0.5 * c.relation * m.month_number / month_count())
            * case when m.month_number = c.start_month and c.start_month > 0 then 0.8 else 1 end as intensity,
        (c.maximum_lines + 1) / 2.0 as average_lines,
        case when c.start_month > 0 and m.month_number = c.start_month then c.since_date else m.month end as from_date
    from work.customers as c
    join work.months as m
        on m.month_number >= c.start_month
        and m.month_number < coalesce(c.insolvency_month, month_count())
        and (c.churn_month is null or m.month_number < c.churn_month or m.month_number >= c.return_month)
),
scaled as (
    select *, intensity * line_count() * 0.965 / sum(intensity * average_lines) over () as expected from rhythm
),
counted as (
    select *, floor(expected + rnd(customer_key * 1000 + month_number, 'orders'))::integer
        + case when from_date > month then 1 else 0 end as order_count
    from scaled
),
drawn as (
    select
        customer_key, month, next_month, from_date,
        (customer_key * 1000::bigint + month_number) * 20000 + unnest(range(0, order_count)) as draw
    from counted
),
days as (
    select *, month + floor(date_diff('day', month, next_month) * rnd(draw, 'day'))::integer as day from drawn
),
placed as (
    select
        customer_key, draw,
        greatest(from_date, case when isodow(day) = 6 and day > month then day - 1 when isodow(day) >= 6 and day + 2 < next_month then workday(day)
            when isodow(day) = 7 and day > month + 1 then day - 2 when isodow(day) >= 6 then day - 3 + 3 else day end) as ordered_date
    from days
),
kept as (
    select
        p.*,
        row_number() over (order by ordered_date, hash(draw), draw) as order_key
    from placed as p
    where ordered_date <= last_date()
),
shaped as (
    select
        k.order_key, k.customer_key, k.ordered_date,
        k.ordered_date + to_seconds(21600 + floor(36000 * rnd(k.draw, 'second'))::bigint) as ordered_at,
        1 + floor(c.maximum_lines * rnd(k.draw, 'lines'))::integer as line_count,
        work.owner_at(c.seat, k.ordered_date)::integer as salesperson_key,
        c.terms_days, c.currency,
        pick(['web', 'web', 'edi', 'telephone', 'field'], rnd(k.draw, 'channel')) as channel,
        case when c.is_order_number_required or rnd(k.draw, 'order number') < 0.5
            then 'PO' || (400000 + floor(599999 * rnd(k.draw, 'order number two'))::integer) || '-' || k.order_key % 97 end as customer_order_number,
        c.way,
        rnd(k.draw, 'split') < 0.12 and c.way not in ('collective_invoices', 'over_delivery', 'deposits') as is_split,
        rnd(k.draw, 'collective') < 0.3 as is_collective,
        case when rnd(k.draw, 'cancel') < 0.012 then 3600 * (1 + floor(5 * rnd(k.draw, 'cancel hour')))::bigint end as cancel_seconds,
        workday(k.ordered_date + 1 + floor(2 * rnd(k.draw, 'ship'))::integer) as first_shipped_date,
        floor(3 * rnd(k.draw, 'invoice lag'))::integer as invoice_lag,
        -- what happens after invoicing: a return, a goodwill credit or the return of everything (a cancellation)
        case when c.way in ('collective_invoices', 'over_delivery', 'deposits') then 'none' when rnd(k.draw, 'after') < 0.014 then 'return' when rnd(k.draw, 'after') < 0.020 then 'goodwill'
            when rnd(k.draw, 'after') < 0.0215 then 'full_return' else 'none' end as aftermath,
        floor(4 * rnd(k.draw, 'promise'))::integer as slack
    from kept as k join work.customers as c using (customer_key)
)
select
    * exclude (cancel_seconds, invoice_lag, slack, is_collective, aftermath, is_split, way),
    case when is_split then null else aftermath end as aftermath,
    is_split,
    is_split and is_collective as is_collective,
    ordered_at + to_seconds(cancel_seconds) as cancelled_at,
    ordered_date + 5 + slack + case when is_split then 4 else 0 end as promised_date,
    workday(first_shipped_date + 1) as first_delivered_date,
    case when is_split then workday(first_shipped_date + 2) end as second_shipped_date,
    case when is_split then workday(workday(first_shipped_date + 2) + 1) end as second_delivered_date,
    case when way = 'collective_invoices' then work.last_workday(workday(first_shipped_date + 1))
        when is_split and is_collective then workday(workday(first_shipped_date + 2) + 1)
        else workday(workday(first_shipped_date + 1) + invoice_lag) end as first_issued_date,
    case when is_split and is_collective then workday(workday(first_shipped_date + 2) + 1)
        when is_split then workday(workday(workday(first_shipped_date + 2) + 1) + invoice_lag) end as second_issued_date,
    workday(first_shipped_date + 8 + slack) as returned_date,
    workday(workday(first_shipped_date + 8 + slack) + 1 + invoice_lag) as credited_date
from shaped;

-- one row per order line
create or replace table work.lines as
with chosen as (
    select
        o.order_key, n.line_number::integer as line_number, o.customer_key, year(o.ordered_date) as agreement_year,
        o.is_split, o.line_count, c.price_list_rate, c.agreement_kind, c.quantity_scale, c.main_family, c.favourite,
        o.order_key * 100 + n.line_number as draw,
        case when rnd(o.order_key * 100 + n.line_number, 'family') < 0.72 then c.main_family
            else 1 + (c.main_family - 1 + floor(c.family_count * rnd(o.order_key * 100 + n.line_number, 'other family'))::integer) % 8
        end as family_key,
        (c.favourite + floor(9 * pow(rnd(o.order_key, 'position'), 2))::integer + 7 * (n.line_number - 1)) % 30 as position
    from work.orders as o
    join work.customers as c using (customer_key)
    cross join lateral (select unnest(range(1, o.line_count + 1)) as line_number) as n
),
measured as (
    select
        l.order_key, l.line_number, l.is_split, l.line_count, l.price_list_rate, l.draw, l.customer_key, l.agreement_year, l.agreement_kind,
        l.family_key, p.product_key, p.list_price,
        l.agreement_kind = 'tier' and l.family_key = l.main_family and l.position = l.favourite as is_tier,
        1 + floor(l.quantity_scale * pow(rnd(l.draw, 'quantity'), 1.6) * least(sqrt(45 / p.list_price::double), 2.5))::integer as quantity
    from chosen as l join work.products as p on p.family_key = l.family_key and p.position = l.position
)
select
    l.order_key, l.line_number, l.product_key,
    (l.quantity + case when l.is_tier then 23 else 0 end)::integer as quantity,
    coalesce(n.net_price, round(l.list_price * l.price_list_rate, 2))::decimal(9, 2) as unit_price,
    case when l.is_tier then 0.09 else coalesce(f.discount_share, 0) end::decimal(4, 2) as discount_share
from measured as l
left join work.agreements as f
    on f.agreement_kind = 'family' and f.customer_key = l.customer_key and f.family_key = l.family_key and f.agreement_year = l.agreement_year
left join work.agreements as n
    on n.agreement_kind = 'net_price' and n.customer_key = l.customer_key and n.product_key = l.product_key and n.agreement_year = l.agreement_year;

-- A split order sends its last lines later, and a third of the first line's pieces where it has three or more
create or replace macro work.second_part(line_number, quantity, line_count, is_split) as (
    case when is_split and line_number = 1 and quantity >= 3 then quantity * 3 // 10
        when is_split and line_number > 1 and line_number > line_count - line_count // 2 then quantity
        else 0 end
);
