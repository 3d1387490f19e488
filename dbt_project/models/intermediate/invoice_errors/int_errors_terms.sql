-- Payment terms and due dates.
with parameters as (
    select * from {{ ref('stg_company__parameters') }}
),

orders as (
    select
        order_id,
        opportunity_id,
        payment_terms_days
    from {{ ref('fct_orders') }}
),

deals as (
    select
        opportunity_id,
        payment_terms_days
    from {{ ref('fct_opportunities') }}
),

customers as (
    select
        customer_id,
        country_code,
        payment_terms_days
    from {{ ref('dim_customers') }}
),

-- A document of instalments may be due on the day of any of them.
scheduled as (
    select distinct
        invoice_id,
        due_date
    from {{ ref('fct_payment_schedule') }}
),

measured as (
    select
        invoices.*,
        invoices.issued_date as event_date,
        orders.payment_terms_days as order_terms_days,
        customers.payment_terms_days as customer_terms_days,
        deals.payment_terms_days as deal_terms_days,
        customers.country_code,
        coalesce(invoices.payment_terms_days, {{ days_between('invoices.issued_date', 'invoices.delivered_due_date') }}) as used_terms_days,
        coalesce(
            invoices.due_by_agreement_date,
            invoices.issued_date + coalesce(invoices.payment_terms_days, orders.payment_terms_days, customers.payment_terms_days)
        ) as agreed_due_date,
        parameters.large_customer_terms_days,
        scheduled.invoice_id is not null as is_day_of_schedule
    from {{ ref('int_invoices_valued') }} as invoices
    cross join parameters
    left join orders on invoices.order_id = orders.order_id
    left join deals on orders.opportunity_id = deals.opportunity_id
    left join customers on invoices.customer_id = customers.customer_id
    left join scheduled on invoices.invoice_id = scheduled.invoice_id and invoices.delivered_due_date = scheduled.due_date
    where invoices.document_class = 'invoice'
),

suspects as (
    select
        *,
        coalesce(payment_terms_days <> order_terms_days, false) or coalesce(payment_terms_days <> customer_terms_days, false)
        or coalesce(order_terms_days <> customer_terms_days, false) or coalesce(deal_terms_days <> payment_terms_days, false) as do_terms_differ,
        coalesce(delivered_due_date <> agreed_due_date, false) and not is_day_of_schedule as is_due_date_wrong,
        coalesce(delivered_due_date < issued_date, false) as is_due_before_issue,
        country_code = 'NL' and lower(size_class) = 'large' and issued_date >= date '2022-07-01' and used_terms_days > large_customer_terms_days as are_terms_too_long
    from measured
)

{{ findings('suspects', [
    {'code': 'terms_differ', 'when': 'do_terms_differ', 'stake': 'document_gross_amount',
     'evidence': told("days: invoice {payment_terms_days}, order {order_terms_days}, customer {customer_terms_days}, deal {deal_terms_days}",
                      "dagen: factuur {payment_terms_days}, order {order_terms_days}, klant {customer_terms_days}, deal {deal_terms_days}")},
    {'code': 'due_date_not_by_terms', 'when': 'is_due_date_wrong', 'stake': 'document_gross_amount',
     'evidence': told("due on {day delivered_due_date}; issued on {day issued_date}, by its terms due on {day agreed_due_date}",
                      "vervalt op {day delivered_due_date}; uitgegeven op {day issued_date}, volgens de termijn vervalt hij op {day agreed_due_date}")},
    {'code': 'due_before_issue', 'when': 'is_due_before_issue', 'stake': 'document_gross_amount',
     'evidence': told("due on {day delivered_due_date}, issued on {day issued_date}", "vervalt op {day delivered_due_date}, uitgegeven op {day issued_date}")},
    {'code': 'terms_above_legal_maximum', 'when': 'are_terms_too_long', 'stake': 'document_gross_amount',
     'evidence': told("{used_terms_days} days for a large customer in NL; the law allows {large_customer_terms_days}",
                      "{used_terms_days} dagen voor een grote klant in NL; de wet staat {large_customer_terms_days} toe")},
]) }}
