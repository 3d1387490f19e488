-- What is wrong with the customer itself, and what was sold to it all the same.
with night as (
    select * from {{ ref('stg_company__night') }}
),

customers as (
    select
        *,
        count(*) over (partition by {{ normalised_vat_id('vat_id') }}) as equal_vat_id_count,
        count(*) over (partition by registration_number, country) as equal_registration_count,
        min(customer_id) over (partition by {{ normalised_vat_id('vat_id') }}) as first_with_vat_id,
        min(customer_id) over (partition by registration_number, country) as first_with_registration
    from {{ ref('dim_customers') }}
    where is_in_master
),

groups as (
    select * from {{ ref('int_customer_groups') }}
),

balances as (
    select * from {{ ref('int_customer_balances') }}
),

numbered as (
    select
        customers.*,
        cast(null as varchar) as invoice_id,
        cast(null as varchar) as order_id,
        night.report_date as event_date,
        cast(1 as decimal(18, 8)) as booking_rate,
        balances.open_amount,
        balances.ordered_amount,
        case
            when customers.equal_vat_id_count > 1 and customers.vat_id is not null then customers.first_with_vat_id
            when customers.equal_registration_count > 1 and customers.registration_number is not null then customers.first_with_registration
        end as other_customer_id
    from customers
    cross join night
    left join balances on customers.customer_id = balances.customer_id
),

-- Branches of one legal entity, accounts that were merged and companies of one group may share a number.
parties as (
    select
        numbered.*,
        others.customer_id is not null and others.customer_id <> numbered.customer_id
        and others.legal_entity_id <> numbered.legal_entity_id
        and other_groups.customer_group_id <> groups.customer_group_id as is_twice
    from numbered
    left join customers as others on numbered.other_customer_id = others.customer_id
    left join groups on numbered.customer_id = groups.customer_id
    left join groups as other_groups on numbered.other_customer_id = other_groups.customer_id
),

order_lines as (
    select
        order_id,
        sum(net_amount) as net_amount
    from {{ ref('fct_order_lines') }}
    group by order_id
),

orders as (
    select
        *,
        max(ordered_date) over (partition by customer_id) as last_ordered_date
    from {{ ref('fct_orders') }}
),

-- Of a block that nobody dated only the latest order is doubted: what was ordered before may have been accepted before it.
late_orders as (
    select
        orders.order_id,
        orders.customer_id,
        orders.ordered_date as event_date,
        cast(null as varchar) as invoice_id,
        cast(1 as decimal(18, 8)) as booking_rate,
        customers.ended_date,
        orders.ordered_date > customers.ended_date as is_after_the_end,
        order_lines.net_amount
    from orders
    inner join customers on orders.customer_id = customers.customer_id
    left join order_lines on orders.order_id = order_lines.order_id
    where
        orders.ordered_date > customers.ended_date
        or (customers.is_blocked and orders.ordered_date >= coalesce(customers.blocked_date, customers.ended_date, orders.last_ordered_date))
)

{{ findings('parties', [
    {'code': 'customer_twice', 'kind': 'customer', 'id': 'customer_id', 'stake': 'open_amount', 'when': 'is_twice',
     'evidence': told("{customer_id} and {other_customer_id} share VAT id or registration number",
                      "{customer_id} en {other_customer_id} hebben hetzelfde btw-nummer of handelsregisternummer")},
    {'code': 'credit_limit_passed', 'kind': 'customer', 'id': 'customer_id', 'stake': 'open_amount + ordered_amount - credit_limit_amount',
     'when': 'open_amount + ordered_amount > credit_limit_amount',
     'evidence': told("open {figure open_amount} + ordered {figure ordered_amount}, limit {figure credit_limit_amount}",
                      "open {figure open_amount} + besteld {figure ordered_amount}, limiet {figure credit_limit_amount}")},
]) }}
union all
{{ findings('late_orders', [
    {'code': 'customer_blocked_or_ended', 'kind': 'order', 'id': 'order_id', 'when': 'true', 'stake': 'net_amount',
     'evidence': told_when('is_after_the_end',
         told("ordered on {day event_date}, the relation ended on {day ended_date}", "besteld op {day event_date}, de relatie eindigde op {day ended_date}"),
         told("ordered on {day event_date}, while the customer is blocked", "besteld op {day event_date}, terwijl de klant geblokkeerd is"))},
]) }}
