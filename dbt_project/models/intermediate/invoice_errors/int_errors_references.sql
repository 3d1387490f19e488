-- What a document refers to: its order, the customer's own order number, the party it is sent to.
with coverage as (
    select
        count(case when entity = 'orders' then 1 end) > 0 as are_orders_delivered,
        count(case when entity = 'customers' then 1 end) > 0 as are_customers_delivered
    from {{ ref('stg_company__entity_coverage') }}
    where is_delivered
),

orders as (
    select * from {{ ref('stg_order_to_cash__orders') }}
),

customers as (
    select * from {{ ref('dim_customers') }}
),

line_totals as (
    select
        invoice_id,
        line_order_id
    from {{ ref('int_invoice_line_totals') }}
    where line_order_id is not null
),

measured as (
    select
        invoices.* exclude (order_id),
        coalesce(invoices.order_id, line_totals.line_order_id) as order_id,
        invoices.issued_date as event_date,
        coverage.are_orders_delivered,
        coverage.are_customers_delivered,
        invoices.order_id is null and line_totals.line_order_id is not null as is_header_silent,
        orders.order_id is not null as is_known_order,
        orders.currency as order_currency,
        orders.customer_order_number as order_number,
        orders.customer_id as order_customer_id,
        customers.is_order_number_required,
        customers.parent_customer_id,
        order_customers.parent_customer_id as order_parent_id,
        ltrim(upper(trim(invoices.customer_order_number)), '0') as printed_number,
        ltrim(upper(trim(orders.customer_order_number)), '0') as expected_number
    from {{ ref('int_invoices_valued') }} as invoices
    cross join coverage
    left join line_totals on invoices.invoice_id = line_totals.invoice_id
    left join orders on coalesce(invoices.order_id, line_totals.line_order_id) = orders.order_id
    left join customers on invoices.customer_id = customers.customer_id
    left join customers as order_customers on orders.customer_id = order_customers.customer_id
),

suspects as (
    select
        *,
        document_class = 'invoice' and coalesce(is_order_number_required, false) and coalesce(printed_number, '') = '' as is_number_missing,
        document_class = 'invoice' and coalesce(printed_number <> expected_number, false) and printed_number <> '' and expected_number <> '' as is_number_different,
        are_customers_delivered and not is_known_customer and customer_id is not null and customer_id <> 'unknown' as is_customer_unknown,
        customer_id is null as is_customer_missing,
        is_known_customer and coalesce(customer_id <> order_customer_id and order_parent_id is distinct from customer_id, false) as is_other_party,
        coalesce(currency <> order_currency, false) as is_other_currency,
        are_orders_delivered and order_id is not null and not is_known_order as is_order_unknown
    from measured
)

{{ findings('suspects', [
    {'code': 'order_number_missing', 'when': 'is_number_missing', 'stake': 'document_gross_amount',
     'evidence': "'the customer requires its order number and the invoice has none; the order says ' || " ~ word('order_number')},
    {'code': 'order_number_differs', 'when': 'is_number_different', 'stake': 'document_gross_amount',
     'evidence': "'invoice says ' || " ~ word('customer_order_number') ~ " || ', order ' || order_id || ' says ' || " ~ word('order_number')},
    {'code': 'unknown_customer', 'when': 'is_customer_unknown', 'stake': 'document_gross_amount', 'evidence': "'customer ' || customer_id || ' is not in the master'"},
    {'code': 'missing_customer', 'when': 'is_customer_missing', 'stake': 'document_gross_amount', 'evidence': "'no customer at all'"},
    {'code': 'wrong_bill_to', 'when': 'is_other_party', 'stake': 'document_gross_amount',
     'evidence': "'sent to ' || customer_id || '; order ' || order_id || ' is from ' || order_customer_id || ' with parent ' || " ~ word('order_parent_id')},
    {'code': 'order_of_other_customer', 'stake': 'document_gross_amount',
     'when': "is_other_party and coalesce(parent_customer_id <> order_customer_id, true) and coalesce(parent_customer_id <> order_parent_id, true)",
     'evidence': "'order ' || order_id || ' belongs to ' || order_customer_id || ', which is not related to ' || customer_id"},
    {'code': 'currency_differs', 'when': 'is_other_currency', 'stake': 'document_gross_amount',
     'evidence': "'invoice in ' || currency || ', order ' || order_id || ' in ' || order_currency"},
    {'code': 'line_refers_header_does_not', 'when': 'is_header_silent', 'stake': 'document_net_amount',
     'evidence': "'lines name order ' || order_id || ', the header names none'"},
    {'code': 'unknown_order', 'when': 'is_order_unknown', 'stake': 'document_gross_amount', 'evidence': "'order ' || order_id || ' does not exist'"},
]) }}
