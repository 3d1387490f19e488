-- What a document refers to: its orders, the customer's own order number, the party it is sent to. All orders are judged, those of the
-- header and those of the lines; a document says each code once, about the first order that is wrong.
with coverage as (
    select
        count(case when entity = 'orders' then 1 end) > 0 as are_orders_delivered,
        count(case when entity = 'customers' then 1 end) > 0 as are_customers_delivered
    from {{ ref('stg_company__entity_coverage') }}
    where is_delivered
),

customers as (
    select * from {{ ref('dim_customers') }}
),

orders_named as (
    select * from {{ ref('int_invoice_orders') }}
),

measured as (
    select
        invoices.* exclude (order_id),
        orders_named.* exclude (invoice_id, order_count),
        coalesce(orders_named.order_count, 0) as order_count,
        invoices.issued_date as event_date,
        coverage.are_orders_delivered,
        coverage.are_customers_delivered,
        invoices.order_id is null and orders_named.order_count = 1 and coalesce(customers.billing_rhythm, 'per_delivery') = 'per_delivery' as is_header_silent,
        customers.is_order_number_required
        and (
            customers.order_number_document_types is null
            or list_has_any(
                string_split(replace(lower(customers.order_number_document_types), ' ', ''), ','),
                case when invoices.delivered_document_type in ('prepayment', '386') then ['prepayment', '386'] else [invoices.document_type, invoices.delivered_document_type] end
            )
        )
        -- Costs and charges that nobody orders need no number of an order.
        and not (orders_named.order_id is null and (coalesce(line_totals.is_outside_vat, false) or coalesce(line_totals.is_of_charges, false)))
            as is_order_number_required,
        -- Who has no number to print says so.
        case when {{ normalised_reference('invoices.customer_order_number') }} in ('NA', 'NVT', 'NONE', 'GEEN') then '' else {{ normalised_reference('invoices.customer_order_number') }} end as printed_number,
        -- A number may stand among words, with its label stuck to it or with a position behind it: Ihre Bestellung 4500012 / Meier, PO4500012-010.
        list_transform(
            list_concat(string_split_regex(invoices.customer_order_number, '[\s,;/|&]+'), regexp_extract_all(invoices.customer_order_number, '[0-9]{5,}'), [invoices.customer_order_number]),
            word -> {{ normalised_reference('word') }}
        ) as printed_words
    from {{ ref('int_invoices_valued') }} as invoices
    cross join coverage
    left join orders_named on invoices.invoice_id = orders_named.invoice_id
    left join {{ ref('int_invoice_line_totals') }} as line_totals on invoices.invoice_id = line_totals.invoice_id
    left join customers on invoices.customer_id = customers.customer_id
),

flagged as (
    select
        *,
        -- The lines of a collective invoice name their orders, each with its number.
        document_class = 'invoice' and coalesce(is_order_number_required, false) and coalesce(printed_number, '') = ''
        and not (order_count > 1 and bool_and(coalesce(expected_number, '') <> '') over (partition by invoice_id)) as is_number_missing,
        document_class = 'invoice' and printed_number <> '' and expected_number <> ''
        and not bool_or(coalesce(list_contains(printed_words, expected_number) or (order_count > 1 and expected_number <> '' and contains(printed_number, expected_number)), false)) over (
            partition by invoice_id
        ) as is_number_different,
        are_customers_delivered and not is_known_customer and customer_id is not null and customer_id <> 'unknown' as is_customer_unknown,
        customer_id is null as is_customer_missing,
        is_known_customer and coalesce(customer_id <> order_customer_id and is_outside_the_line, false) as is_other_party,
        coalesce(currency <> order_currency and currency is distinct from invoice_currency, false) as is_other_currency,
        are_orders_delivered and order_id is not null and not is_known_order as is_order_unknown
    from measured
),

suspects as (
    select
        *,
        is_other_party and is_outside_the_group as is_stranger,
        bool_or(is_other_party and is_outside_the_group) over (partition by invoice_id) as has_stranger,
        {%- for flag in ('is_number_different', 'is_other_party', 'is_other_currency', 'is_order_unknown') %}
        row_number() over (partition by invoice_id, {{ flag }}{{ ', is_outside_the_group' if flag == 'is_other_party' }} order by order_id) = 1 as {{ flag }}_first,
        {%- endfor %}
        row_number() over (partition by invoice_id order by order_id) = 1 as is_first
    from flagged
)

{{ findings('suspects', [
    {'code': 'order_number_missing', 'when': 'is_number_missing and is_first', 'stake': 'document_gross_amount',
     'evidence': told("the customer requires its order number and the invoice has none; the order says {order_number}",
                      "de klant eist zijn ordernummer en de factuur heeft er geen; de order zegt {order_number}")},
    {'code': 'order_number_differs', 'when': 'is_number_different and is_number_different_first', 'stake': 'document_gross_amount',
     'evidence': told("invoice says {customer_order_number}, order {order_id} says {order_number}",
                      "factuur zegt {customer_order_number}, order {order_id} zegt {order_number}")},
    {'code': 'unknown_customer', 'when': 'is_customer_unknown and is_first', 'stake': 'document_gross_amount', 'evidence': told("customer {customer_id} is not in the master",
                      "klant {customer_id} staat niet in de stamgegevens")},
    {'code': 'missing_customer', 'when': 'is_customer_missing and is_first', 'stake': 'document_gross_amount', 'evidence': told("no customer at all", "helemaal geen klant")},
    {'code': 'wrong_bill_to', 'when': 'is_other_party and is_other_party_first and (is_stranger or not has_stranger)', 'stake': 'document_gross_amount',
     'evidence': told("sent to {customer_id}; order {order_id} is from {order_customer_id} with parent {order_parent_id}",
                      "gestuurd aan {customer_id}; order {order_id} is van {order_customer_id} met moeder {order_parent_id}")},
    {'code': 'order_of_other_customer', 'stake': 'document_gross_amount', 'when': 'is_stranger and is_other_party_first',
     'evidence': told("order {order_id} belongs to {order_customer_id}, which is not related to {customer_id}",
                      "order {order_id} hoort bij {order_customer_id}, die niet verwant is aan {customer_id}")},
    {'code': 'currency_differs', 'when': 'is_other_currency and is_other_currency_first', 'stake': 'document_gross_amount',
     'evidence': told("invoice in {currency}, order {order_id} in {order_currency}", "factuur in {currency}, order {order_id} in {order_currency}")},
    {'code': 'line_refers_header_does_not', 'when': 'is_header_silent', 'stake': 'document_net_amount',
     'evidence': told("lines name order {order_id}, the header names none", "regels noemen order {order_id}, de kop noemt er geen")},
    {'code': 'unknown_order', 'when': 'is_order_unknown and is_order_unknown_first', 'stake': 'document_gross_amount', 'evidence': told("order {order_id} does not exist",
                      "order {order_id} bestaat niet")},
]) }}
