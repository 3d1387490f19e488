-- Capacity cost, ledger balances, credit files and targets. Keep out: anything that an invoice or payment depends on.

-- Minutes per event; pools supply them with 5-20% to spare
create or replace table work.activities as
select * from (values
    ('accept order', 'P10', 'order', 21.0), ('enter order line', 'P10', 'order_line', 5.0),
    ('pick and ship', 'P20', 'delivery', 48.0),
    ('handle ticket', 'P30', 'ticket', 52.0),
    ('make invoice', 'P40', 'invoice', 7.0), ('book payment', 'P40', 'payment', 5.0), ('remind', 'P40', 'dunning', 9.0), ('settle dispute', 'P40', 'dispute', 75.0),
    ('contact customer', 'P50', 'contact_moment', 46.0),
    ('follow up lead', 'P60', 'lead', 95.0),
    ('assess credit', 'P70', 'credit_assessment', 40.0)
) as a(activity, pool_id, driver_event, unit_minutes);
create or replace table work.pools as
select * from (values
    ('P10', 'order desk', 'order_handling', 0.82), ('P20', 'logistics', 'delivery', 0.88), ('P30', 'service', 'service', 0.79), ('P40', 'finance', 'invoicing', 0.91),
    ('P50', 'sales', 'sales', 1.12), ('P60', 'marketing', 'acquisition', 1.05), ('P70', 'finance', 'payment_risk', 0.98)
) as p(pool_id, department, cost_family, minute_rate);

create or replace table work.assessments as
select
    customer_key, assessed_date, payer_type, size_class,
    assessed_date + 365 as valid_until_date,
    greatest(5, least(99, round(case payer_type when 'prompt' then 82 when 'average' then 70 when 'slow' then 55 when 'worsening' then 62 - 1.1 * months_in else 34 end
        - case when insolvency_date is not null and insolvency_date < assessed_date + 200 then 25 else 0 end + 7 * gauss(draw, 'score'), 0)))::integer as score
from (
    select
        c.customer_key, c.payer_type, c.size_class, c.insolvency_date, m.month_number as months_in, c.customer_key * 1000::bigint + m.month_number as draw,
        workday(m.month + floor(25 * rnd(c.customer_key * 1000 + m.month_number, 'assessed'))::integer) as assessed_date
    from work.customers as c
    join work.months as m on m.month_number >= c.start_month and (m.month_number - c.start_month) % 12 = case when c.start_month = 0 then c.customer_key % 12 else 0 end
        and m.month_number < coalesce(c.churn_month, c.insolvency_month, month_count())
    where rnd(c.customer_key, 'assessed at all') < case c.size_class when 'large' then 0.95 when 'medium' then 0.8 else 0.35 end
) as drafts
where assessed_date <= last_date();

-- one row per driver event and month
create or replace table work.driver_counts as
select driver_event, date_trunc('month', day)::date as month, sum(events) as events from (
    select 'order' as driver_event, ordered_date as day, count(*) as events from work.orders group by all
    union all select 'order_line', ordered_date, sum(line_count) from work.orders group by all
    union all select 'delivery', first_shipped_date, count(*) from work.orders where cancelled_at is null and first_shipped_date <= last_date() group by all
    union all select 'delivery', second_shipped_date, count(*) from work.orders where cancelled_at is null and second_shipped_date <= last_date() group by all
    union all select 'ticket', opened_date, count(*) from work.tickets group by all
    union all select 'invoice', least(issued_date, last_date()), count(*) from work.documents where issued_date is not null group by all
    union all select 'payment', received_date, count(*) from work.payments group by all
    union all select 'dunning', day, count(*) from work.collections group by all
    union all select 'dispute', opened_date, count(*) from work.disputes group by all
    union all select 'contact_moment', day, count(*) from work.contacts group by all
    union all select 'lead', created_date, count(*) from work.leads group by all
    union all select 'credit_assessment', assessed_date, count(*) from work.assessments group by all
) as events
group by all;

-- Months whose last day is known: their pools and balances are closed
create or replace table work.closed_months as
select month, next_month, case when next_month > last_date() then last_date() else next_month end as closed_date
from work.months where next_month <= last_date() + 1;

create or replace table work.cost_pools as
with used as (
    select p.pool_id, m.month, coalesce(sum(a.unit_minutes * d.events), 0) as minutes
    from work.pools as p cross join work.closed_months as m
    join work.activities as a using (pool_id)
    left join work.driver_counts as d on d.driver_event = a.driver_event and d.month = m.month
    group by all
),
supplied as (
    select *, greatest(ceil(minutes / (0.95 - 0.15 * rnd(date_diff('month', date '2000-01-01', month) * 100 + right(pool_id, 2)::integer, 'idle')) / 10) * 10, 600) as capacity_minutes from used
),
turnover as (
    select date_trunc('month', issued_date)::date as month, sum(net_amount) as net_amount from work.documents where document_type = 'invoice' group by all
)
select s.pool_id, s.month, p.department, p.cost_family,
    round(s.capacity_minutes * p.minute_rate * (1 + 0.0025 * date_diff('month', first_date(), s.month)), 2)::decimal(18, 2) as amount,
    s.capacity_minutes::decimal(18, 2) as practical_capacity_minutes, 'customer' as level
from supplied as s join work.pools as p using (pool_id)
union all
select 'P80', m.month, 'management', 'sales', round(coalesce(t.net_amount, 0)::double * 0.025 + 4000, 2), null, 'company' from work.closed_months as m left join turnover as t using (month)
union all
select 'P81', m.month, 'key accounts', 'sales', round(coalesce(t.net_amount, 0)::double * 0.008 + 1500, 2), null, 'segment' from work.closed_months as m left join turnover as t using (month)
union all
select 'P82', m.month, 'marketing', 'acquisition',
    coalesce((select round(sum(cost_amount / (date_diff('day', started_date, ended_date) + 1)
        * greatest(0, date_diff('day', greatest(started_date, m.month), least(ended_date + 1, m.next_month)))), 2)
        from work.campaigns as c), 0), null, 'segment'
from work.closed_months as m;

-- Each document event in euro at the rate of the document's day; unapplied cash at the rate of its receipt
create or replace table work.document_rates as
select d.doc_key, r.rate
from work.documents as d
join work.rates as r on r.currency = d.currency and r.rate_date = least(d.issued_date, last_date())
where d.currency in ('USD', 'GBP');

create or replace table work.ledger_events as
with documents as (
    select
        d.issued_date as day,
        case when d.document_type in ('invoice', 'debit_note') then 1 else -1 end
            * (case when r.rate is null then round(d.gross_amount, 2) else round(d.gross_amount * r.rate, 2) end
                - coalesce(s.prepaid_amount, 0) + coalesce(s.rounding_amount, 0) + coalesce(a.amount, 0)) as receivable,
        case when d.document_type in ('invoice', 'debit_note') then 1 else -1 end
            * case when r.rate is null then round(d.net_amount, 2) else round(d.net_amount * r.rate, 2) end as revenue
    from work.documents as d left join work.document_rates as r using (doc_key)
    left join work.document_sums as s using (doc_key) left join work.advances as a using (doc_key)
    where d.issued_date <= last_date()
),
applied as (
    select a.allocated_date as day, -case when r.rate is null then round(a.amount, 2) else round(a.amount * r.rate, 2) end as receivable
    from work.allocations as a left join work.document_rates as r using (doc_key)
    union all
    select w.written_off_date, -case when r.rate is null then round(w.amount, 2) else round(w.amount * r.rate, 2) end
    from work.write_offs as w left join work.document_rates as r using (doc_key)
),
-- the books close a rest of cents on the day of the last application
cents as (
    select max(a.allocated_date) as day, -(any_value(d.gross_amount) - sum(a.amount)) as receivable
    from work.allocations as a join work.documents as d using (doc_key) left join work.document_sums as s using (doc_key)
    where d.document_type in ('invoice', 'debit_note') and s.prepaid_amount is null and s.rounding_amount is null and d.currency = 'EUR'
    group by a.doc_key
    having abs(any_value(d.gross_amount) - sum(a.amount)) between 0.0001 and 0.05
),
monthly as (
    select date_trunc('month', day)::date as month, sum(receivable) as receivable, sum(revenue) as revenue from documents group by all
    union all
    select date_trunc('month', day)::date, sum(receivable), 0 from applied group by all
    union all
    select date_trunc('month', day)::date, sum(receivable), 0 from cents group by all
)
select month, sum(receivable)::decimal(18, 4) as receivable, sum(revenue)::decimal(18, 4) as revenue from monthly group by all;

-- Unapplied cash per month end: what of each payment that is still (partly) unapplied then
create or replace table work.unapplied as
with waiting as (
    select p.payment_key, p.received_date, p.amount, p.currency, coalesce(max(a.allocated_date), date '9999-01-01') as last_allocated_date, coalesce(sum(a.amount), 0) as allocated_amount
    from work.payments as p left join work.allocations as a using (payment_key)
    group by all
    having coalesce(max(a.allocated_date), date '9999-01-01') > p.received_date or coalesce(sum(a.amount), 0) <> p.amount
),
standing as (
    select m.month, w.payment_key, w.received_date, w.currency,
        w.amount - coalesce(sum(a.amount) filter (where a.allocated_date < m.next_month), 0) as amount
    from waiting as w
    join work.months as m on w.received_date < m.next_month
    left join work.allocations as a on a.payment_key = w.payment_key
    where w.last_allocated_date >= m.month or w.allocated_amount <> w.amount
    group by m.month, w.payment_key, w.received_date, w.currency, w.amount
)
select s.month, sum(case when r.rate is null then round(s.amount, 2) else round(s.amount * r.rate, 2) end)::decimal(18, 4) as amount
from standing as s
left join work.rates as r on r.currency = s.currency and r.rate_date = s.received_date and s.currency in ('USD', 'GBP')
where abs(s.amount) > 0.05
group by all;

create or replace table work.ledger_controls as
with running as (
    select m.month, m.closed_date,
        (sum(coalesce(e.receivable, 0)) over (order by m.month) - coalesce(u.amount, 0))::decimal(18, 4) as receivables,
        coalesce(e.revenue, 0) as revenue,
        coalesce((select sum(amount) from work.cost_pools as p where p.month = m.month), 0) as cost
    from work.closed_months as m
    left join work.ledger_events as e on e.month = m.month
    left join work.unapplied as u on u.month = m.month
)
select '1300' as account, month, 'receivables' as kind, receivables as amount, closed_date from running
union all select '8000', month, 'revenue', revenue, closed_date from running
union all select '4000', month, 'cost', cost, closed_date from running;

create or replace table work.insurance as
select
    c.customer_key,
    greatest(make_date(y.year, 1, 1), c.since_date) as valid_from_date,
    case when rnd(c.customer_key * 10000 + y.year, 'lapses') < 0.06 then make_date(y.year, 9, 1) else make_date(y.year + 1, 1, 1) end as valid_until_date,
    (ceil(coalesce(l.limit_amount, 2500) * (0.5 + 0.5 * rnd(c.customer_key, 'insured')) / 500) * 500)::decimal(18, 2) as insured_limit_amount,
    0.9 as coverage_share, 0.0025 as premium_share, c.size_class <> 'large' and rnd(c.customer_key, 'self assessed') < 0.3 as is_self_assessed, 60 as overdue_stop_days
from work.customers as c
cross join (select unnest(range(year(first_date()), year(last_date()) + 1)) as year) as y
left join work.credit_limits as l using (customer_key)
where rnd(c.customer_key, 'insured at all') < case c.size_class when 'large' then 0.85 when 'medium' then 0.45 else 0.05 end
    and c.since_date < make_date(y.year, 9, 1) and coalesce(c.ended_date > make_date(y.year, 1, 1), true)
    and greatest(make_date(y.year, 1, 1), c.since_date) <= last_date();

create or replace table work.insolvencies as
select
    i.industry_code, m.month, m.closed_date,
    floor(i.companies * i.monthly_share * (0.8 + 0.4 * rnd(i.industry_code::integer * 1000 + date_diff('month', date '2000-01-01', m.month), 'insolvencies')))::integer as insolvencies,
    i.companies
from (values ('25', 11800, .0006), ('28', 6900, .0004), ('41', 60200, .0007), ('43', 104000, .0006), ('45', 31800, .0005), ('46', 78900, .0007), ('47', 98200, .0008),
    ('49', 32900, .0011), ('55', 9100, .0007), ('56', 58700, .0010), ('81', 27400, .0006), ('86', 61200, .0002)) as i(industry_code, companies, monthly_share)
cross join work.closed_months as m;

create or replace table work.decisions as
select
    row_number() over (order by p.created_date + 4, p.opportunity_key)::integer as decision_key,
    p.customer_key, p.opportunity_key, p.created_date + 4 as decided_date, p.hoped_amount as requested_amount,
    case when not p.is_won and p.lost_reason = 'payment terms' then case when rnd(p.draw, 'decision') < 0.7 then 'refuse' else 'accept_on_terms' end
        when c.payer_type in ('defaulting', 'worsening') then 'accept_on_terms' else 'accept' end as outcome,
    case when not p.is_won and p.lost_reason = 'payment terms' then 'risk too high' when c.payer_type in ('defaulting', 'worsening') then 'part deliveries' else 'within limit' end as reason_code
from work.opportunities as p left join work.customers as c using (customer_key)
where p.kind in ('new', 'upsell') and p.created_date + 4 <= least(last_date(), p.closed_date) and rnd(p.draw, 'decided') < case p.kind when 'new' then 0.8 else 0.3 end;

-- KPI Flow: per team and quarter three main KPIs, two focus KPIs and one master; in the last quarter but one the team North
-- changes its master half-way (the old row is closed, a new one starts)
create or replace table work.targets as
with quarters as (
    select distinct date_trunc('quarter', month)::date as quarter from work.months
),
rows as (
    select
        q.quarter, t.team, k.kpi, k.target * (1 + k.drift * date_diff('quarter', first_date(), q.quarter)) as target,
        case when k.slot <= 3 then 'main' when k.slot = 4 + date_diff('quarter', date '2000-01-01', q.quarter) % 3 then 'master'
            when k.slot <= 6 then 'focus' end as role
    from quarters as q
    cross join (values ('North', 1.0), ('South', 0.95), ('Key accounts', 1.6), ('Inside sales', 0.8)) as t(team, weight)
    cross join (values ('net_revenue', 1, null, 0.02), ('dso_simple', 2, 42.0, -0.005), ('write_off_rate', 3, 0.004, 0.0),
        ('new_customers', 4, null, 0.0), ('forecast_accuracy_wape', 5, 0.30, -0.01), ('first_time_right', 6, 0.96, 0.001), ('overdue_share', 7, 0.22, 0.0)) as k(kpi, slot, target, drift)
    where k.slot <= 6
),
valued as (
    select
        r.* replace (round(case r.kpi
            when 'net_revenue' then coalesce(v.net_amount, 0) * 1.03 / 1000
            when 'new_customers' then greatest(ceil(customer_count() * 0.38 / month_count() * 3 / 4), 1)
            else r.target end::double, 4) as target)
    from rows as r
    left join (
        select s.team, date_trunc('quarter', d.issued_date)::date as quarter, sum(d.net_amount) as net_amount
        from work.documents as d join work.salespeople as s using (salesperson_key) where d.document_type = 'invoice' group by all
    ) as v on v.team = r.team and v.quarter = r.quarter
),
scaled as (
    select * replace (case when kpi = 'net_revenue' then round(target, 0) * 1000 else target end as target) from valued
),
changed as (
    select max(quarter) as quarter from quarters where (quarter + interval 6 month)::date <= last_date() + 1
),
whole as (
    select s.*, quarter as valid_from_date, (quarter + interval 3 month)::date as valid_until_date, null as change_reason, quarter - 10 as recorded_date, null::date as closed_date
    from scaled as s
)
select w.* replace (case when is_changed then w.quarter + 45 else w.valid_until_date end as valid_until_date, case when is_changed then w.quarter + 45 end as closed_date)
from (select whole.*, coalesce(team = 'North' and role = 'master' and whole.quarter = changed.quarter, false) as is_changed from whole left join changed on true) as w
union all
select
    w.quarter, w.team, 'overdue_share', 0.2, 'master', w.quarter + 45, w.valid_until_date,
    'Overdue rose after two large customers slowed down; the team calls before the due date first', w.quarter + 44, null, true
from whole as w join changed as c on w.quarter = c.quarter and w.team = 'North' and w.role = 'master';

-- Commission plans: everybody's first one, and for one in four a second one, on cash, from the last year on.
create or replace table work.plans as
select
    s.salesperson_key, v.plan, greatest(v.from_date, s.started_date) as valid_from_date,
    0.01 + 0.0025 * (s.salesperson_key % 5) as rate_share,
    case when v.plan = 2 or s.salesperson_key % 3 = 0 then 'cash' else 'invoiced' end as basis,
    case when s.salesperson_key % 5 = 0 then 'margin' else 'revenue' end as commissionable
from work.salespeople as s
join (select 1 as plan, first_date() as from_date union all select 2, date_trunc('year', last_date())::date) as v
    on (v.plan = 1 or s.salesperson_key % 4 = 1) and v.from_date <= coalesce(s.left_date, v.from_date)
    and (v.plan = 2 and s.started_date < v.from_date and v.from_date > first_date() or v.plan = 1);

-- Commission is booked in the month after the invoice, or where the plan says so after its last payment. Views: see 12.
create or replace view work.commission_bookings as
select
    d.doc_key, d.salesperson_key,
    coalesce(e.booked_date, workday(last_day(case p.basis when 'cash' then c.paid_date else d.issued_date end) + 5)) as booked_date,
    coalesce(e.amount, round(d.net_amount * p.rate_share * case p.commissionable when 'margin' then 0.3 else 1 end, 2))::decimal(18, 4) as amount
from work.documents as d
asof join work.plans as p on p.salesperson_key = d.salesperson_key and d.issued_date >= p.valid_from_date
left join (select doc_key, sum(amount) as amount, max(allocated_date) as paid_date from work.allocations group by doc_key) as c using (doc_key)
left join work.early_commissions as e using (doc_key)
where d.document_type = 'invoice' and not d.is_extra and d.currency = 'EUR' and (p.basis = 'invoiced' or c.amount >= d.gross_amount or e.doc_key is not null);

-- A statement per account and day with money on it; what was paid out of the account are its other entries.
create or replace view work.bank_statements as
select
    *, 250000 + coalesce(sum(received_amount + other_amount) over earlier, 0) as opening_amount,
    250000 + coalesce(sum(received_amount + other_amount) over earlier, 0) + received_amount + other_amount as closing_amount
from (
    select currency, received_date, sum(amount) as received_amount, -round(sum(amount) * 0.6, 2) as other_amount from work.payments group by all
) as days
window earlier as (partition by currency order by received_date rows between unbounded preceding and 1 preceding);
