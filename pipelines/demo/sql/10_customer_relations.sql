-- Leads, opportunities, forecasts, contacts, contracts, reviews, surveys, tickets. Keep out: orders and cash.

-- one row per contract: a year each, renewed or given up with notice
create or replace table work.contracts as
with runs as (
    select
        c.customer_key, c.weight, c.currency, c.relation, c.main_family, c.favourite, n.term,
        (greatest(c.since_date, first_date() - 300) + (floor(150 * rnd(c.customer_key, 'contract start')))::integer + to_months(12 * n.term))::date as started_date,
        c.ended_date, c.churn_month
    from work.customers as c cross join (select unnest(range(0, 5))::integer as term) as n
    where c.size_class <> 'small' and rnd(c.customer_key, 'contract') < 0.45
),
judged as (
    select
        *,
        rnd(customer_key * 10 + term, 'renew') < 0.84 + 0.12 * relation
        and coalesce(ended_date > started_date + 366, true)
        and coalesce((first_date() + to_months(churn_month))::date > started_date + 365, true) as is_renewed
    from runs
),
alive as (
    select *, coalesce(bool_and(is_renewed) over (partition by customer_key order by term rows between unbounded preceding and 1 preceding), true) as is_reached
    from judged
)
select
    (customer_key * 10 + term)::integer as contract_key,
    customer_key, term, main_family, favourite, started_date, is_renewed,
    (started_date + to_months(12))::date as next_date,
    case when is_renewed then null else workday((started_date + to_months(12))::date - 80 + floor(40 * rnd(customer_key * 10 + term, 'notice'))::integer) end as notice_date,
    case when is_renewed then (started_date + to_months(12))::date
        else workday((started_date + to_months(12))::date - 80 + floor(40 * rnd(customer_key * 10 + term, 'notice'))::integer) end as end_known_date,
    round(600 + 900 * weight * (1 + 0.04 * term), -1)::decimal(18, 2) as annual_amount
from alive
where is_reached and started_date <= last_date() and coalesce(started_date < ended_date, true);

-- one row per opportunity, with the dates of its stages; closed_date may lie after the last date (still open)
create or replace table work.opportunities as
with drafts as (
    -- customers that were won during the period
    select
        customer_key::bigint * 1000 as draw, customer_key, name as prospect_name, seat, 'new' as kind, true as is_won,
        since_date - 1 as closed_date, 25 + floor(60 * rnd(customer_key, 'new cycle'))::integer as cycle_days, 6 * weight as size, terms_days, main_family
    from work.customers where start_month > 0 and since_date <= last_date()
    union all
    -- prospects that were not won, or not yet
    select
        (k * 1000 + 1)::bigint, null,
        pick(['Haven', 'Kroon', 'Linde', 'Molen', 'Ster', 'Vallei', 'Zuid'], rnd(k, 'prospect')) || ' ' || pick(['Bouw', 'Techniek', 'Handel', 'Service'], rnd(k, 'prospect two')) || ' ' || (5000 + k),
        1 + floor(12 * rnd(k, 'prospect seat'))::integer, 'new', rnd(k, 'prospect won') < 0.1 and day + 40 > last_date(),
        day, 25 + floor(80 * rnd(k, 'lost cycle'))::integer, 2 + 14 * rnd(k, 'prospect size'), 30, 1 + floor(8 * rnd(k, 'prospect family'))::integer
    from (
        select k, first_date() + 20 + floor((date_diff('day', first_date(), last_date()) + 40) * rnd(k, 'prospect day'))::integer as day
        from range(1, greatest(customer_count() * month_count() // 50, 10)) as r(k)
    ) as prospects
    union all
    -- more sales to customers, about one a year
    select
        customer_key::bigint * 1000 + 100 + n, customer_key, null, seat, 'upsell', rnd(customer_key * 100 + n, 'upsell won') < 0.38 + 0.15 * relation,
        first_date() + floor((date_diff('day', first_date(), last_date()) + 60) * rnd(customer_key * 100 + n, 'upsell day'))::integer,
        20 + floor(70 * rnd(customer_key * 100 + n, 'upsell cycle'))::integer, 2.5 * weight, terms_days, 1 + (main_family + n) % 8
    from work.customers cross join (select unnest(range(0, greatest(month_count() // 12, 1)))::integer as n) as r
    where customer_key <= customer_count()
    union all
    -- contracts that come to their end
    select
        c.contract_key::bigint * 1000 + 500, c.customer_key, null, k.seat, 'renewal', c.is_renewed, c.end_known_date,
        45 + floor(30 * rnd(c.contract_key, 'renewal cycle'))::integer, c.annual_amount / 1000.0, k.terms_days, c.main_family
    from work.contracts as c join work.customers as k using (customer_key)
),
dated as (
    select
        d.*,
        workday(d.closed_date) as final_date,
        d.closed_date - d.cycle_days as created_date,
        d.closed_date - d.cycle_days + (d.cycle_days * 3 // 10) as proposal_date,
        d.closed_date - d.cycle_days + (d.cycle_days * 7 // 10) as negotiation_date,
        work.owner_at(d.seat, d.closed_date - d.cycle_days)::integer as salesperson_key
    from drafts as d
    left join work.customers as c on c.customer_key = d.customer_key
    where d.closed_date - d.cycle_days >= first_date() - 60
        and (d.kind in ('new', 'renewal') or d.closed_date - d.cycle_days > c.since_date and coalesce(d.closed_date < c.ended_date, true)
            and (c.churn_month is null or d.closed_date < (first_date() + to_months(c.churn_month))::date))
)
select
    row_number() over (order by d.created_date, d.draw)::integer as opportunity_key,
    d.draw, d.customer_key, d.prospect_name, d.kind, d.is_won, d.created_date, d.proposal_date, d.negotiation_date,
    case when d.kind = 'new' and d.customer_key is not null then d.closed_date else d.final_date end as closed_date,
    d.salesperson_key, d.terms_days, s.optimism, p.product_key,
    rnd(d.draw, 'terms discussed') < 0.42 as are_terms_discussed,
    round(600 * d.size * exp(0.5 * gauss(d.draw, 'amount')), 0)::decimal(18, 2) + 250 as final_amount,
    round((round(600 * d.size * exp(0.5 * gauss(d.draw, 'amount')), 0) + 250) * (1 + (s.optimism - 1) * 0.6), 0)::decimal(18, 2) as hoped_amount,
    -- a third of the deals closes later than was expected
    d.closed_date - case when rnd(d.draw, 'slip') < 0.33 then 5 + floor(30 * rnd(d.draw, 'slip days'))::integer else 0 end as expected_close_date,
    case when not d.is_won then pick(['price', 'competitor', 'no budget', 'payment terms', 'no decision'], rnd(d.draw, 'lost')) end as lost_reason
from dated as d
join work.salespeople as s on s.salesperson_key = d.salesperson_key
join work.products as p on p.family_key = d.main_family and p.position = floor(30 * rnd(d.draw, 'product'))::integer
where d.created_date <= last_date();

-- the order that a won deal leads to: the customer's first within 45 days; terms are those of the order
create or replace table work.order_opportunities as
select order_key, opportunity_key from (
    select o.order_key, p.opportunity_key
    from work.opportunities as p
    join work.orders as o on o.customer_key = p.customer_key and o.ordered_date >= p.closed_date and o.ordered_date < p.closed_date + 45
    where p.is_won and p.closed_date <= last_date() and p.kind <> 'renewal'
    qualify row_number() over (partition by p.opportunity_key order by o.order_key) = 1
) as first_orders
qualify row_number() over (partition by order_key order by opportunity_key) = 1;

-- one row per Monday and open deal
create or replace table work.forecasts as
select
    m.day as snapshot_date, p.salesperson_key, date_trunc('month', greatest(p.expected_close_date, m.day))::date as period, p.opportunity_key,
    case when m.day >= p.negotiation_date then 'negotiation' when m.day >= p.proposal_date then 'proposal' else 'qualification' end as stage,
    -- a seller knows the good deals from the bad ones better as they go on, and hopes too much all the same
    round(p.final_amount * (case when p.is_won then 0.6 + 0.33 * progress else 0.28 - 0.24 * progress end
        * (0.8 + 0.4 * rnd(p.draw, 'belief')))::decimal(6, 4) * p.optimism, 0)::decimal(18, 2) as amount
from work.opportunities as p
join (
    select unnest(generate_series(first_date()::timestamp, last_date()::timestamp, interval 1 day))::date as day
) as m on isodow(m.day) = 1 and m.day >= p.created_date and m.day < p.closed_date
cross join lateral (select least(date_diff('day', p.created_date, m.day)::double / greatest(date_diff('day', p.created_date, p.closed_date), 1), 1) as progress) as g;

-- one row per lead: those behind new opportunities, and those that came to nothing or still wait
create or replace table work.leads as
with drafts as (
    select p.draw, p.created_date - (3 + floor(20 * rnd(p.draw, 'lead'))::integer) as created_date, p.opportunity_key, p.salesperson_key, p.created_date as converted_date
    from work.opportunities as p where p.kind = 'new' and p.created_date >= first_date() + 25
    union all
    select
        -k, first_date() + floor(date_diff('day', first_date(), last_date() + 1) * rnd(k, 'idle lead'))::integer, null, null, null
    from range(1, greatest(customer_count() * month_count() // 20, 20)) as r(k)
),
placed as (
    select
        *, coalesce(salesperson_key, work.owner_at(1 + floor(12 * rnd(draw, 'lead owner'))::integer, created_date))::integer as owner_key,
        workday(created_date + 1 + floor(9 * pow(rnd(draw, 'follow-up'), 2))::integer) as follow_up_date
    from drafts
),
sourced as (
    select l.*, c.campaign_key, c.channel
    from placed as l
    left join work.campaigns as c
        on l.created_date between c.started_date and c.ended_date and rnd(l.draw, 'campaign') < 0.85
    where l.created_date >= first_date() and l.created_date <= last_date()
    qualify row_number() over (partition by l.draw order by hash(l.draw, c.campaign_key), c.campaign_key) = 1
)
select
    row_number() over (order by l.created_date, l.draw)::integer as lead_key,
    l.created_date, l.created_date + to_seconds(25200 + floor(36000 * rnd(l.draw, 'lead hour'))::bigint) as created_at,
    l.campaign_key, coalesce(l.channel, 'website') as origin, l.owner_key, l.opportunity_key,
    case when l.opportunity_key is not null then least(l.follow_up_date, l.converted_date)
        when rnd(l.draw, 'waits') < 0.78 then l.follow_up_date end as contacted_date,
    l.converted_date,
    case when l.opportunity_key is null and rnd(l.draw, 'waits') < 0.6 then l.follow_up_date + 10 + floor(40 * rnd(l.draw, 'dropped'))::integer end as dropped_date,
    pick(['no need', 'no budget', 'too small', 'unreachable', 'competitor'], rnd(l.draw, 'dropped why')) as lost_reason,
    l.draw
from sourced as l;

-- one row per contact: more with larger customers and better relations, and one with each followed-up lead
create or replace table work.contacts as
with drafts as (
    select
        (c.customer_key * 1000::bigint + m.month_number) * 50 as draw, c.customer_key, c.seat, c.relation, c.size_class, m.month, m.next_month,
        floor(case c.size_class when 'large' then 2.0 when 'medium' then 1.1 else 0.55 end * (1 + 0.4 * c.relation)
            + rnd(c.customer_key * 1000 + m.month_number, 'contacts'))::integer as contact_count
    from work.customers as c
    join work.months as m
        on m.month_number >= c.start_month and m.month_number < coalesce(c.insolvency_month, month_count())
        and (c.churn_month is null or m.month_number < c.churn_month + 2 or m.month_number >= c.return_month)
),
single as (
    select draw + unnest(range(0, contact_count)) as draw, customer_key, null::integer as lead_key, seat, month, next_month, null::date as day from drafts
    union all
    select -lead_key, null, lead_key, null, null, null, contacted_date from work.leads where contacted_date <= last_date()
),
dated as (
    select
        s.* replace (coalesce(s.day, s.month + floor(date_diff('day', s.month, s.next_month) * rnd(s.draw, 'contact day'))::integer) as day),
        case when s.lead_key is not null or rnd(s.draw, 'contact department') < 0.72 then 'sales' when rnd(s.draw, 'contact department') < 0.88 then 'service' else 'finance' end as department
    from single as s
)
select
    row_number() over (order by d.day, d.draw)::integer as contact_key,
    d.day, d.day + to_seconds(25200 + floor(32000 * rnd(d.draw, 'contact hour'))::bigint) as happened_at,
    pick(['call', 'call', 'call', 'mail', 'mail', 'visit', 'meeting', 'video'], rnd(d.draw, 'contact kind')) as kind,
    d.lead_key is not null or rnd(d.draw, 'outbound') < 0.58 as is_outbound,
    d.customer_key, d.lead_key, d.department,
    case when d.department = 'sales' then coalesce(l.owner_key, work.owner_at(d.seat, d.day))::integer end as salesperson_key,
    5 + floor(55 * pow(rnd(d.draw, 'contact minutes'), 2))::integer as minutes
from dated as d left join work.leads as l using (lead_key)
where d.day <= last_date() and isodow(d.day) < 6;

create or replace table work.reviews as
select
    row_number() over (order by reviewed_date, customer_key)::integer as review_key, customer_key, reviewed_date,
    greatest(0, least(10, round(5 + 3.0 * relation + 1.3 * gauss(draw, 'strategy'), 0)))::integer as strategy_score,
    greatest(0, least(10, round(5.6 + 3.0 * relation + 1.2 * gauss(draw, 'trust'), 0)))::integer as trust_score,
    greatest(0, least(10, round(4.6 + 2.6 * relation + 1.4 * gauss(draw, 'time'), 0)))::integer as time_score,
    work.owner_at(seat, reviewed_date)::integer as reviewer_key
from (
    select
        c.customer_key, c.relation, c.seat, c.customer_key * 100::bigint + m.month_number as draw,
        workday(m.month + floor(26 * rnd(c.customer_key * 100 + m.month_number, 'review day'))::integer) as reviewed_date
    from work.customers as c
    join work.months as m on m.month_number % 6 = c.customer_key % 6 and m.month_number >= c.start_month + 2
    where rnd(c.customer_key, 'reviewed') < case c.size_class when 'large' then 0.95 when 'medium' then 0.7 else 0.3 end
        and m.month_number < coalesce(c.churn_month, c.insolvency_month, month_count())
) as drafts
where reviewed_date <= last_date();

create or replace table work.surveys as
select
    row_number() over (order by answered_date, draw)::integer as answer_key, customer_key, answered_date, kind,
    greatest(0, least(10, round(7.3 + 2.1 * relation + 1.3 * gauss(draw, 'answer'), 0)))::integer as score
from (
    select
        c.customer_key, c.relation, k.kind, (c.customer_key * 100::bigint + m.month_number) * 10 + k.kind_number as draw,
        workday(m.month + floor(26 * rnd((c.customer_key * 100::bigint + m.month_number) * 10 + k.kind_number, 'answer day'))::integer) as answered_date
    from work.customers as c
    join work.months as m
        on m.month_number % 3 = c.customer_key % 3 and m.month_number > c.start_month and m.month_number < coalesce(c.churn_month, c.insolvency_month, month_count())
    cross join (values ('nps', 1), ('csat', 2), ('value', 3)) as k(kind, kind_number)
    where rnd((c.customer_key * 100::bigint + m.month_number) * 10 + k.kind_number, 'answers') < 0.2
) as drafts
where answered_date <= last_date();

create or replace table work.tickets as
select
    row_number() over (order by o.ordered_date, o.order_key)::integer as ticket_key, o.customer_key,
    workday(coalesce(o.first_delivered_date, o.ordered_date) + floor(6 * rnd(o.order_key, 'ticket day'))::integer) as opened_date,
    floor(8 * pow(rnd(o.order_key, 'ticket length'), 2))::integer as length_days,
    case when o.aftermath in ('return', 'full_return') then 'return' when o.aftermath = 'goodwill' or rnd(o.order_key, 'ticket kind') < 0.3 then 'complaint' else 'question' end as kind,
    10 + floor(80 * rnd(o.order_key, 'ticket minutes'))::integer as minutes,
    25200 + floor(30000 * rnd(o.order_key, 'ticket hour'))::integer as seconds
from work.orders as o join work.customers as c using (customer_key)
where (o.aftermath <> 'none' or rnd(o.order_key, 'ticket') < 0.035 * (1.4 - 0.6 * c.relation) * case when c.orders_often_and_little then 2.5 else 1 end)
    and workday(coalesce(o.first_delivered_date, o.ordered_date) + floor(6 * rnd(o.order_key, 'ticket day'))::integer) <= last_date();
