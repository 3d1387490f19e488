-- The terms of payment of a document: its own, else those of its order, else the customer's. The due date is the day of issue plus the
-- months and days, moved to the end of the month or to its fixed day, and from a day that is no business day as the terms say. Days that the
-- document or its order says itself, and that are not those of the terms behind it, come first.
with invoices as (
    select * from {{ ref('int_documents_delivered') }}
),

customer_ids as (
    select * from {{ ref('int_customer_ids') }}
),

orders as (
    select * from {{ ref('stg_order_to_cash__orders') }}
),

customers as (
    select * from {{ ref('stg_order_to_cash__customers') }}
),

terms as (
    select * from {{ ref('stg_order_to_cash__payment_terms') }}
),

holidays as (
    select * from {{ ref('stg_company__holidays') }}
),

instalments as (select distinct payment_terms_id from {{ ref('stg_order_to_cash__payment_terms_steps') }} where kind = 'instalment'),

calendars as (select distinct country from holidays),

chosen as (
    select
        invoices.invoice_id,
        invoices.issued_date,
        terms.* exclude (name),
        case
            when invoices.payment_terms_id is null
                then coalesce(invoices.payment_terms_days, case when orders.payment_terms_id is null then orders.payment_terms_days end)
        end as own_days,
        {{ day_months_later('invoices.issued_date', 'coalesce(terms.net_months, 0)') }} + coalesce(terms.net_days, 0) as counted_date
    from invoices
    left join customer_ids on invoices.customer_id = customer_ids.delivered_customer_id
    left join orders on invoices.order_id = orders.order_id
    left join customers on coalesce(customer_ids.customer_id, invoices.customer_id) = customers.customer_id
    inner join terms on coalesce(invoices.payment_terms_id, orders.payment_terms_id, customers.payment_terms_id) = terms.payment_terms_id
),

moved as (
    select
        *,
        case when is_end_of_month then {{ month_end('counted_date') }} else counted_date end as month_date
    from chosen
),

fixed as (
    select
        *,
        case
            when fixed_day_of_month is null then month_date
            when extract(day from month_date) <= fixed_day_of_month
                then least({{ month_start('month_date') }} + (fixed_day_of_month - 1), {{ month_end('month_date') }})
            else least({{ months_later('month_date', 1) }} + (fixed_day_of_month - 1), {{ month_end(months_later('month_date', 1)) }})
        end as calendar_date
    from moved
),

shifts as (select * from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as numbers (shift_days)),

-- The nearest business day after and before, of the documents whose terms ask for one.
business_days as (
    select
        fixed.invoice_id,
        min(case when ways.way = 1 then fixed.calendar_date + shifts.shift_days end) as following_date,
        max(case when ways.way = -1 then fixed.calendar_date - shifts.shift_days end) as preceding_date
    from fixed
    cross join shifts
    cross join (select 1 as way union all select -1 as way) as ways
    left join holidays
        on upper(trim(fixed.holiday_country)) = holidays.country and holidays.holiday_date = fixed.calendar_date + ways.way * shifts.shift_days
    where
        fixed.business_day_rule is not null and holidays.holiday_date is null
        and {{ day_of_week('(fixed.calendar_date + ways.way * shifts.shift_days)') }} <= 5
    group by fixed.invoice_id
)

select
    fixed.invoice_id,
    fixed.payment_terms_id,
    coalesce(fixed.is_prepayment, false) as is_prepayment,
    instalments.payment_terms_id is not null as has_instalments,
    case
        when fixed.own_days <> coalesce(fixed.net_days, 0) + 30 * coalesce(fixed.net_months, 0) then fixed.issued_date + fixed.own_days
        when fixed.net_days is null and fixed.net_months is null then null
        when fixed.business_day_rule is not null and fixed.holiday_country is not null and calendars.country is null then null
        when fixed.business_day_rule = 'preceding' then business_days.preceding_date
        when fixed.business_day_rule = 'modified_following' and {{ month_start('business_days.following_date') }} <> {{ month_start('fixed.calendar_date') }}
            then business_days.preceding_date
        when fixed.business_day_rule is not null then business_days.following_date
        else fixed.calendar_date
    end as due_date
from fixed
left join instalments on fixed.payment_terms_id = instalments.payment_terms_id
left join calendars on upper(trim(fixed.holiday_country)) = calendars.country
left join business_days on fixed.invoice_id = business_days.invoice_id
