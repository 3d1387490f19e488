-- Terms that sales discussed in a won deal, beside those on its order, on the order's invoices and of the customer.
with opportunities as (
    select * from {{ ref('fct_opportunities') }} where is_won
),

orders as (
    select * from {{ ref('fct_orders') }} where opportunity_id is not null
),

invoices as (
    select
        order_id,
        count(*) as invoice_count,
        min(coalesce(payment_terms_days, {{ days_between('issued_date', 'due_date') }})) as shortest_terms_days,
        max(coalesce(payment_terms_days, {{ days_between('issued_date', 'due_date') }})) as longest_terms_days
    from {{ ref('fct_invoices') }}
    where document_class = 'invoice' and order_id is not null
    group by 1
),

customers as (
    select * from {{ ref('dim_customers') }}
),

compared as (
    select
        orders.order_id,
        opportunities.opportunity_id,
        orders.customer_id,
        opportunities.salesperson_id,
        opportunities.closed_date,
        opportunities.amount,
        opportunities.are_terms_discussed,
        opportunities.payment_terms_days as deal_terms_days,
        orders.payment_terms_days as order_terms_days,
        invoices.shortest_terms_days,
        invoices.longest_terms_days,
        customers.payment_terms_days as customer_terms_days
    from opportunities
    inner join orders on opportunities.opportunity_id = orders.opportunity_id
    left join invoices on orders.order_id = invoices.order_id
    left join customers on orders.customer_id = customers.customer_id
)

select
    order_id,
    opportunity_id,
    customer_id,
    salesperson_id,
    closed_date,
    amount as deal_amount,
    are_terms_discussed,
    deal_terms_days,
    order_terms_days,
    cast(shortest_terms_days as integer) as shortest_invoice_terms_days,
    cast(longest_terms_days as integer) as longest_invoice_terms_days,
    customer_terms_days,
    cast(coalesce(order_terms_days, longest_terms_days) - customer_terms_days as integer) as granted_beyond_customer_days,
    case
        when not are_terms_discussed then 'not discussed'
        when deal_terms_days is null then 'discussed, not written down'
        when deal_terms_days <> coalesce(order_terms_days, deal_terms_days) then 'order differs from deal'
        when shortest_terms_days <> deal_terms_days or longest_terms_days <> deal_terms_days then 'invoice differs from deal'
        else 'as agreed'
    end as terms_verdict
from compared
