-- Every order that a document names, in its header or on a line (a collective invoice names several), beside that order and the party
-- that placed it. Who may pay for a party may be invoiced for it: a buying group that settles for its members is no stranger. Who calls
-- off an order of its owner, whose agreements bind its group, is invoiced for what it called off.
with customer_ids as (
    select * from {{ ref('int_customer_ids') }}
),

orders as (
    select orders.* replace (coalesce(customer_ids.customer_id, orders.customer_id) as customer_id)
    from {{ ref('stg_order_to_cash__orders') }} as orders
    left join customer_ids on orders.customer_id = customer_ids.delivered_customer_id
),

customers as (
    select * from {{ ref('dim_customers') }}
),

groups as (
    select * from {{ ref('int_customer_groups') }}
),

owners as (
    select * from {{ ref('int_customer_owners') }}
),

frameworks as (
    select distinct
        customer_id,
        owner_id,
        valid_from_date,
        valid_until_date
    from {{ ref('int_prices_agreed') }}
    where is_binding and step_number > 0
),

line_totals as (
    select * from {{ ref('int_invoice_line_totals') }} where line_order_id is not null
),

invoices as (
    select * from {{ ref('int_invoices_valued') }}
),

named as (
    select
        invoice_id,
        order_id
    from invoices
    where order_id is not null
    union
    select
        invoice_id,
        line_order_id as order_id
    from line_totals
    where line_order_count = 1
    union
    select
        lines.invoice_id,
        lines.delivered_order_id as order_id
    from {{ ref('fct_invoice_lines') }} as lines
    inner join line_totals on lines.invoice_id = line_totals.invoice_id
    where line_totals.line_order_count > 1 and lines.delivered_order_id is not null
)

select
    named.invoice_id,
    named.order_id,
    count(distinct named.order_id) over (partition by named.invoice_id) as order_count,
    orders.order_id is not null as is_known_order,
    orders.currency as order_currency,
    orders.invoice_currency,
    orders.customer_order_number as order_number,
    {{ normalised_reference('orders.customer_order_number') }} as expected_number,
    orders.customer_id as order_customer_id,
    order_customers.parent_customer_id as order_parent_id,
    customers.legal_entity_id is distinct from order_customers.legal_entity_id and owners.owner_id is null
    and agreed_payers.customer_entity_id is null and frameworks.customer_id is null as is_outside_the_line,
    groups.customer_group_id is distinct from order_groups.customer_group_id as is_outside_the_group
from named
inner join invoices on named.invoice_id = invoices.invoice_id
left join orders on named.order_id = orders.order_id
left join customers on invoices.customer_id = customers.customer_id
left join customers as order_customers on orders.customer_id = order_customers.customer_id
left join groups on invoices.customer_id = groups.customer_id
left join groups as order_groups on orders.customer_id = order_groups.customer_id
left join owners on orders.customer_id = owners.customer_id and invoices.customer_id = owners.owner_id
left join {{ ref('int_agreed_payers') }} as agreed_payers
    on
        order_customers.legal_entity_id = agreed_payers.customer_entity_id and customers.legal_entity_id = agreed_payers.payer_entity_id
        and invoices.issued_date >= agreed_payers.valid_from_date
        and invoices.issued_date < coalesce(agreed_payers.valid_until_date, date '9999-12-31')
left join frameworks
    on
        invoices.customer_id = frameworks.customer_id and coalesce(order_customers.merged_into_customer_id, orders.customer_id) = frameworks.owner_id
        and invoices.issued_date >= frameworks.valid_from_date
        and invoices.issued_date < coalesce(frameworks.valid_until_date, date '9999-12-31')
qualify row_number() over (partition by named.invoice_id, named.order_id order by agreed_payers.valid_from_date) = 1
