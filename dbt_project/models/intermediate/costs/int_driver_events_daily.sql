-- Events that cause work. An order counts as such, and by hand or electronic where its channel is known. A delivery is one event however many lines it has; goods that come back are no delivery. A contact
-- with a lead, and the lead itself, belong to the customer of the deal that it became, when that closed in time. An event of nobody known has no customer.
with customers as (
    select * from {{ ref('dim_customers') }} where not is_unknown
),

leads as (
    select
        leads.lead_id,
        leads.created_date,
        opportunities.customer_id
    from {{ ref('fct_leads') }} as leads
    cross join {{ ref('stg_company__parameters') }} as parameters
    left join {{ ref('fct_opportunities') }} as opportunities
        on
            leads.opportunity_id = opportunities.opportunity_id
            and opportunities.closed_date <= leads.created_date + parameters.lead_conversion_days
),

deliveries as (
    select
        deliveries.delivery_id,
        orders.customer_id,
        min(coalesce(deliveries.shipped_date, deliveries.delivered_date)) as event_date
    from {{ ref('fct_deliveries') }} as deliveries
    left join {{ ref('fct_orders') }} as orders on deliveries.order_id = orders.order_id
    where not deliveries.is_return
    group by 1, 2
),

contacts as (
    select
        contacts.happened_date as event_date,
        coalesce(contacts.customer_id, leads.customer_id) as customer_id
    from {{ ref('fct_contact_moments') }} as contacts
    left join leads on contacts.lead_id = leads.lead_id
),

events as (
    select 'order' as driver_event, ordered_date as event_date, customer_id from {{ ref('fct_orders') }}
    union all
    select case when {{ is_electronic('channel') }} then 'order_electronic' else 'order_by_hand' end, ordered_date, customer_id
    from {{ ref('fct_orders') }} where channel is not null
    union all
    select 'order_line', ordered_date, customer_id from {{ ref('fct_order_lines') }}
    union all
    select 'delivery', event_date, customer_id from deliveries where event_date is not null
    union all
    select 'invoice', issued_date, customer_id from {{ ref('fct_invoices') }}
    union all
    select 'payment', received_date, customer_id from {{ ref('fct_payments') }}
    union all
    select 'dunning', happened_date, customer_id from {{ ref('fct_collection_activities') }}
    union all
    select 'dispute', opened_date, customer_id from {{ ref('fct_disputes') }}
    union all
    select 'contact_moment', event_date, customer_id from contacts
    union all
    select 'ticket', opened_date, customer_id from {{ ref('fct_service_tickets') }}
    union all
    select 'lead', created_date, customer_id from leads
    union all
    select 'credit_assessment', assessed_date, customer_id from {{ ref('fct_credit_assessments') }}
)

select
    events.driver_event,
    events.event_date,
    customers.customer_id,
    count(*) as event_count
from events
left join customers on events.customer_id = customers.customer_id
group by 1, 2, 3
