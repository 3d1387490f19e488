-- Calendar, products, exchange rates, salespeople. Keep out: customers and everything that happens.
-- Macros used: rnd(id, salt) in [0,1), gauss(id, salt), pick(list, u), workday(date), first_date(), last_date(),
-- month_count(), customer_count(), line_count(). generator.py creates them from the settings.

-- one row per month of the period; activity = growth x season
create or replace table work.months as
select
    m::integer as month_number,
    (first_date() + to_months(m::integer))::date as month,
    (first_date() + to_months(m::integer + 1))::date as next_month,
    (1 + 0.007 * m)
    * [0.93, 0.95, 1.06, 1.00, 1.02, 1.03, 0.87, 0.80, 1.08, 1.10, 1.11, 1.05][
        month((first_date() + to_months(m::integer))::date)
    ] as activity
from range(0, month_count()) as r(m);

-- one row per product; prices in euro. Cost stays below 68% of list, so that no agreed discount goes below cost
create or replace table work.products as
with families(family_key, family, noun, base_price) as (
    values (1, 'fasteners', 'Bolt set', 9.0), (2, 'tools', 'Hand tool', 48.0), (3, 'packaging', 'Carton', 14.0),
    (4, 'safety', 'Safety kit', 26.0), (5, 'electrical', 'Switch gear', 44.0), (6, 'lighting', 'Luminaire', 62.0),
    (7, 'cleaning', 'Cleaner', 17.0), (8, 'hydraulics', 'Coupling', 105.0)
),
priced as (
    select
        ((family_key - 1) * 30 + position + 1)::integer as product_key,
        family_key::integer as family_key,
        position::integer as position,
        family,
        noun || ' ' || chr((65 + position % 26)::integer) || (100 + 7 * position) as name,
        round(base_price * (0.45 + 1.4 * rnd(family_key * 100 + position, 'list_price')), 2)::decimal(9, 2) as list_price
    from families cross join range(0, 30) as r(position)
)
select
    *,
    rnd(product_key, 'core') < 0.25 as is_core,
    round(list_price::double * (0.56 + 0.12 * rnd(product_key, 'cost')) - 0.005, 2)::decimal(9, 2) as unit_cost,
    -- some fasteners are priced by the hundred on orders and invoices
    case when family_key = 1 and position % 3 = 0 then 100 else 1 end as price_base,
    'goods' as kind
from priced
union all
select 241, 9, 0, 'services', 'Service plan', 60, false, 30, 1, 'subscription';

-- one row per day and currency. The eighth decimal is 3, so that no amount x rate falls on half a cent
create or replace table work.rates as
select
    d::date as rate_date,
    currency,
    (floor(base * (1 + 0.022 * sin(day_number / 97.0 + base * 3) + 0.011 * sin(day_number / 23.0)
        + 0.003 * (rnd(day_number * 10 + base_number, 'rate') - 0.5)) * 1e7)::decimal(18, 8) * 0.0000001
        + 0.00000003)::decimal(18, 8) as rate
from (
    select unnest(generate_series(first_date()::timestamp, last_date()::timestamp, interval 1 day)) as d
) as days
cross join (values ('GBP', 1.1628, 1), ('USD', 0.9259, 2)) as currencies(currency, base, base_number)
cross join lateral (select date_diff('day', date '2000-01-01', d::date) as day_number) as numbered;

-- one row per salesperson; seats 1-12 own accounts, S13 takes over seat 5 and S14 seat 9 when their owners leave
create or replace macro work.leaves_first() as (first_date() + (date_diff('day', first_date(), last_date()) * 2 // 5)::integer);
create or replace macro work.leaves_second() as (first_date() + (date_diff('day', first_date(), last_date()) * 3 // 4)::integer);
create or replace macro work.owner_at(seat, day) as (
    case when seat = 5 and day > work.leaves_first() then 13 when seat = 9 and day > work.leaves_second() then 14 else seat end
);
create or replace table work.salespeople as
select
    salesperson_key::integer as salesperson_key, name, team, manager,
    case salesperson_key
        when 13 then work.leaves_first() + 1 when 14 then work.leaves_second() + 1
        else first_date() - (200 + 170 * salesperson_key)::integer
    end as started_date,
    case salesperson_key when 5 then work.leaves_first() when 9 then work.leaves_second() end as left_date,
    optimism
from (
    values (1, 'Anouk Jansen', 'North', 'Marit de Boer', 1.15), (2, 'Bram Visser', 'North', 'Marit de Boer', 1.32),
    (3, 'Carlijn Smit', 'North', 'Marit de Boer', 1.05), (4, 'Daan Mulder', 'South', 'Joost Peeters', 1.48),
    (5, 'Eva Bakker', 'South', 'Joost Peeters', 1.22), (6, 'Finn Hendriks', 'South', 'Joost Peeters', 1.30),
    (7, 'Guusje Dekker', 'Key accounts', 'Sanne Kok', 1.10), (8, 'Hugo van Dijk', 'Key accounts', 'Sanne Kok', 1.26),
    (9, 'Iris Vos', 'Key accounts', 'Sanne Kok', 1.40), (10, 'Jesse Bos', 'Inside sales', 'Ruben Prins', 1.20),
    (11, 'Kim Willems', 'Inside sales', 'Ruben Prins', 0.96), (12, 'Lars Maas', 'Inside sales', 'Ruben Prins', 1.36),
    (13, 'Mila Schouten', 'South', 'Joost Peeters', 1.18), (14, 'Noah Kuiper', 'Key accounts', 'Sanne Kok', 1.28)
) as people(salesperson_key, name, team, manager, optimism);

-- one row per campaign: eight channels, three campaigns a year each
create or replace table work.campaigns as
with slots as (
    select
        (slot * 8 + channel_number)::integer as campaign_key,
        channel,
        channel_cost,
        (first_date() + to_months(slot::integer * 4))::date + (5 * channel_number)::integer as started_date
    from range(0, (month_count() + 3) // 4) as r(slot)
    cross join (
        values (1, 'trade fair', 9000), (2, 'search', 3200), (3, 'e-mail', 900), (4, 'telephone', 2600),
        (5, 'referral', 700), (6, 'social', 1800), (7, 'webinar', 1400), (8, 'direct mail', 2100)
    ) as channels(channel_number, channel, channel_cost)
)
select
    campaign_key, channel,
    channel || ' ' || strftime(started_date, '%Y-%m') as name,
    started_date,
    started_date + (20 + floor(60 * rnd(campaign_key, 'length'))::integer) as ended_date,
    round(channel_cost * (0.7 + 0.6 * rnd(campaign_key, 'cost')) * greatest(customer_count() / 400.0, 0.2), 2)::decimal(18, 2) as cost_amount
from slots
where started_date <= last_date();
