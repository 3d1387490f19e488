-- Customers and their price agreements. Keep out: what they order and pay (it follows from the columns drawn here).

create or replace table work.customer_draws as
with drawn as (
    select
        k::integer as customer_key,
        case when rnd(k, 'country') < 0.81 then 'NL' when rnd(k, 'country') < 0.89 then 'BE'
            when rnd(k, 'country') < 0.95 then 'DE' when rnd(k, 'country') < 0.98 then 'GB' else 'US' end as country,
        case when rnd(k, 'size') < 0.58 then 'small' when rnd(k, 'size') < 0.88 then 'medium' else 'large' end as size_class,
        pick(['25', '28', '41', '43', '45', '46', '47', '49', '55', '56', '81', '86'], rnd(k, 'industry')) as industry_code,
        case when rnd(k, 'payer') < 0.50 then 'prompt' when rnd(k, 'payer') < 0.79 then 'average'
            when rnd(k, 'payer') < 0.92 then 'slow' when rnd(k, 'payer') < 0.975 then 'worsening'
            else 'defaulting' end as payer_type,
        rnd(k, 'style') < 0.09 as orders_often_and_little,
        case when rnd(k, 'start') < 0.62 then 0
            else 1 + floor(rnd(k, 'start month') * greatest(month_count() - 1, 1))::integer end as start_month,
        1 + floor(12 * rnd(k, 'seat'))::integer as seat,
        rnd(k, 'child') < 0.09 and k > 10 as may_be_child,
        1 + floor((k - 1) * rnd(k, 'parent'))::integer as parent_candidate,
        rnd(k, 'way') as way_drawn
    from range(1, customer_count() + 1) as r(k)
),
lived as (
    select
        *,
        case when rnd(customer_key, 'churn') < 0.26
            then start_month + 4 + floor(rnd(customer_key, 'churn month') * (month_count() - start_month))::integer
        end as churn_month,
        case when rnd(customer_key, 'insolvent') < case payer_type when 'defaulting' then 0.5 when 'worsening' then 0.22 else 0.008 end
            then start_month + 3 + floor(rnd(customer_key, 'insolvency month') * greatest(month_count() - start_month - 3, 1))::integer
        end as insolvency_month
    from drawn
),
dated as (
    select
        * replace (case when insolvency_month is null and churn_month < month_count() then churn_month end as churn_month,
            case when insolvency_month < month_count() then insolvency_month end as insolvency_month),
        case when start_month = 0 then first_date() - (90 + floor(3200 * rnd(customer_key, 'since')))::integer
            else workday((first_date() + to_months(start_month))::date + floor(9 * rnd(customer_key, 'since'))::integer) end as since_date
    from lived
)
select
    *,
    case when insolvency_month is null and churn_month is not null and rnd(customer_key, 'return') < 0.35
        then churn_month + 6 + floor(5 * rnd(customer_key, 'return month'))::integer end as return_month,
    case when insolvency_month is not null
        then workday((first_date() + to_months(insolvency_month))::date + floor(12 * rnd(customer_key, 'insolvency day'))::integer) end as insolvency_date
from dated;

-- one row per customer, with the traits (not delivered) that steer the rest of the world
create or replace table work.customers as
with placed as (
    select
        d.*,
        case when d.may_be_child and p.country = d.country then d.parent_candidate end as parent_key,
        -- how it trades beside single orders and their invoices; German customers may be served from a German stock
        case
            when d.country = 'DE' and d.way_drawn < 0.5 then 'german_stock'
            when d.country not in ('NL', 'BE', 'DE') or rnd(d.customer_key, 'agreement') < 0.46 then 'single_orders'
            when d.way_drawn < 0.05 then 'month_end_terms'
            when d.way_drawn < 0.10 and rnd(d.customer_key, 'order number') >= 0.7 then 'collective_invoices'
            when d.way_drawn >= 0.10 and d.way_drawn < 0.15 then 'over_delivery'
            when d.way_drawn >= 0.15 and d.way_drawn < 0.20 and rnd(d.customer_key, 'order number') >= 0.7 then 'subscriptions'
            when d.way_drawn >= 0.20 and d.way_drawn < 0.25 then 'call_offs'
            when d.way_drawn >= 0.25 and d.way_drawn < 0.30 then 'deposits'
            else 'single_orders'
        end as way
    from work.customer_draws as d
    left join work.customer_draws as p on p.customer_key = d.parent_candidate
),
numbered as (
    select
        *,
        -- 8 digits, even, unique per customer: the body of the 11-test and of the bank account
        10000000 + 2 * ((customer_key * 7919::bigint + seed_number() * 104729) % 40000000) as body
    from placed
),
checked as (
    select
        *,
        ((body // 10000000) % 10 * 9 + (body // 1000000) % 10 * 8 + (body // 100000) % 10 * 7 + (body // 10000) % 10 * 6
            + (body // 1000) % 10 * 5 + (body // 100) % 10 * 4 + (body // 10) % 10 * 3 + body % 10 * 2) % 11 as eleven,
        -- ISO 7064 mod 11,10 over the eight digits (Germany)
        list_reduce(
            list_prepend(10, [(body // 10000000) % 10, (body // 1000000) % 10, (body // 100000) % 10, (body // 10000) % 10,
                (body // 1000) % 10, (body // 100) % 10, (body // 10) % 10, body % 10]),
            lambda product, digit: (case when (product + digit) % 10 = 0 then 10 else (product + digit) % 10 end * 2) % 11
        ) as german_product
    from numbered
),
accounts as (
    select
        *,
        case country
            when 'NL' then '1011' || '2310' || lpad(body::varchar, 10, '0') || '2321'
            when 'BE' then '539' || lpad((body % 10000000)::varchar, 7, '0')
                || lpad((case when ('539' || lpad((body % 10000000)::varchar, 7, '0'))::hugeint % 97 = 0 then 97
                    else ('539' || lpad((body % 10000000)::varchar, 7, '0'))::hugeint % 97 end)::varchar, 2, '0') || '1114'
            when 'DE' then '37040044' || lpad(body::varchar, 10, '0') || '1314'
            when 'GB' then '23321120' || '601613' || body::varchar || '1611'
        end as iban_digits
    from checked
)
select
    customer_key, country, size_class, industry_code, payer_type, orders_often_and_little, start_month, churn_month, return_month,
    insolvency_month, insolvency_date, since_date, seat, parent_key, way,
    pick(['Van der Berg', 'De Vries', 'Noordzee', 'Delta', 'Maas', 'Veluwe', 'Holland', 'Polder', 'Rijnmond', 'Brabant', 'Betuwe',
        'Zeeuwse', 'Twente', 'Oranje', 'Waterland', 'Kempen', 'Hanze', 'Amstel', 'Merwede', 'IJssel'], rnd(customer_key, 'name'))
    || ' ' || pick(['Techniek', 'Bouw', 'Installatie', 'Logistiek', 'Metaal', 'Horeca', 'Automotive', 'Facilitair', 'Handel',
        'Interieur', 'Machines', 'Zorg'], rnd(customer_key, 'name two')) || ' ' || customer_key
    || case country when 'NL' then ' B.V.' when 'BE' then ' BV' when 'DE' then ' GmbH' when 'GB' then ' Ltd' else ' Inc.' end as name,
    case country
        when 'NL' then 'NL' || case when eleven = 10 then (body + 1) || '1' else body || eleven::varchar end || 'B01'
        when 'BE' then 'BE0' || lpad((body % 10000000)::varchar, 7, '0') || lpad((97 - (body % 10000000) % 97)::varchar, 2, '0')
        when 'DE' then 'DE' || body || ((11 - german_product) % 10)
    end as vat_id,
    (body + 1)::varchar as registration_number,
    case country when 'GB' then 'GBP' when 'US' then 'USD' else 'EUR' end as currency,
    case country when 'GB' then 0.86 when 'US' then 1.08 else 1.0 end::decimal(4, 2) as price_list_rate,
    case when way = 'german_stock' or country = 'NL' then 'S' when country in ('BE', 'DE') then 'K' else 'G' end as vat_category,
    case when way = 'german_stock' then 0.19 when country = 'NL' then 0.21 else 0 end::decimal(3, 2) as vat_share,
    case when country <> 'NL' then pick([30, 30, 45, 60], rnd(customer_key, 'terms'))
        when size_class = 'small' then pick([14, 30, 30, 30], rnd(customer_key, 'terms')) else 30 end::integer as terms_days,
    rnd(customer_key, 'order number') < case size_class when 'large' then 0.7 when 'medium' then 0.25 else 0.05 end as is_order_number_required,
    case when country <> 'US' then country
        || lpad((98 - (iban_digits || '00')::hugeint % 97)::varchar, 2, '0')
        || case country when 'NL' then 'ABNA' || lpad(body::varchar, 10, '0') when 'GB' then 'NWBK601613' || body
            else left(iban_digits, length(iban_digits) - 4) end
    end as iban,
    -- size of the customer in orders per month, before scaling; a long tail and a few whales
    case size_class when 'small' then 1.0 when 'medium' then 2.2 else 4.5 end
        * exp(0.75 * gauss(customer_key, 'weight'))
        * case when rnd(customer_key, 'whale') < 0.012 then 7 else 1 end
        * case when orders_often_and_little then 3.0 else 1 end as weight,
    case when orders_often_and_little then 2 when size_class = 'small' then 5 when size_class = 'medium' then 7 else 11 end as maximum_lines,
    case when orders_often_and_little then 3 when size_class = 'small' then 9 when size_class = 'medium' then 16 else 30 end as quantity_scale,
    1 + floor(8 * rnd(customer_key, 'family'))::integer as main_family,
    1 + floor(4 * rnd(customer_key, 'families'))::integer as family_count,
    floor(30 * rnd(customer_key, 'favourite'))::integer as favourite,
    case when rnd(customer_key, 'agreement') < 0.24 then 'family' when rnd(customer_key, 'agreement') < 0.38 then 'net_price'
        when rnd(customer_key, 'agreement') < 0.46 then 'tier' else 'none' end as agreement_kind,
    rnd(customer_key, 'batch') < 0.35 as pays_in_batches,
    payer_type = 'prompt' and rnd(customer_key, 'early') < 0.09 and way = 'single_orders' as takes_early_discount,
    parent_key is not null and rnd(customer_key, 'parent pays') < 0.3 as parent_pays,
    -- relation in -1..1: grows or shrinks orders over time, and shows in reviews, surveys and tickets
    2 * rnd(customer_key, 'relation') - 1 as relation,
    case when insolvency_date is not null then insolvency_date
        when churn_month is not null and return_month is null and rnd(customer_key, 'ends') < 0.5
        then (first_date() + to_months(churn_month + 1))::date end as ended_date
from accounts;

-- one row per customer: the top of its group
create or replace table work.groups as
with recursive climbed as (
    select customer_key, coalesce(parent_key, customer_key) as root_key, 0 as depth from work.customers
    union all
    select c.customer_key, p.parent_key, c.depth + 1
    from climbed as c join work.customers as p on p.customer_key = c.root_key and p.parent_key is not null
)
select customer_key, max_by(root_key, depth) as root_key, max(depth) as depth from climbed group by customer_key;

-- one row per agreement: calendar years, one kind per customer, always in the customer's main family.
-- Tiers: 4% from 1 piece and 9% from 24; a customer with tiers always orders its tier products by 24 or more.
create or replace table work.agreements as
with years as (
    select y::integer as agreement_year from range(year(first_date()), year(last_date()) + 1) as r(y)
),
kinds as (
    select c.*, y.agreement_year, position, step
    from work.customers as c cross join years as y
    cross join (values (0, 0), (0, 1), (7, 0)) as slots(position, step)
    where c.agreement_kind = 'family' and position = 0 and step = 0
        or c.agreement_kind = 'net_price' and step = 0
        or c.agreement_kind = 'tier' and position = 0
)
select
    row_number() over (order by k.agreement_year, k.customer_key, k.position, k.step)::integer as agreement_key,
    k.customer_key, k.agreement_kind, k.agreement_year,
    case when k.agreement_kind <> 'family' then p.product_key end as product_key,
    k.main_family as family_key,
    p.family,
    greatest(make_date(k.agreement_year, 1, 1), least(k.since_date, make_date(k.agreement_year, 12, 31))) as valid_from_date,
    make_date(k.agreement_year + 1, 1, 1) as valid_until_date,
    case when k.agreement_kind = 'net_price'
        then round(p.list_price * k.price_list_rate * (0.84 + 0.01 * floor(12 * rnd(k.customer_key * 10000 + k.agreement_year, 'net price')))::decimal(4, 2), 2)::decimal(9, 2) end as net_price,
    case k.agreement_kind when 'family' then (0.03 + 0.01 * floor(13 * rnd(k.customer_key * 10000 + k.agreement_year, 'discount')))::decimal(4, 2)
        when 'tier' then [0.04, 0.09][k.step + 1]::decimal(4, 2) end as discount_share,
    case when k.agreement_kind = 'tier' then [1, 24][k.step + 1] end as minimum_quantity,
    false as holds_for_group
from kinds as k
join work.products as p on p.family_key = k.main_family and p.position = (k.favourite + k.position) % 30
where k.since_date < make_date(k.agreement_year + 1, 1, 1);
